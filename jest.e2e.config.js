/** Tests of the whole platform: the services as separate processes, one platform at a time. */
const unit = require('./jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...unit,
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.e2e.ts'],
  maxWorkers: 1,
  testTimeout: 240_000,
};

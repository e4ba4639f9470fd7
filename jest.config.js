/** Unit tests sit beside their file; store tests and end-to-end tests run on a real private database and Redis. */
/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: [
    '<rootDir>/libs',
    '<rootDir>/apps',
    '<rootDir>/sandbox',
    '<rootDir>/tools',
    '<rootDir>/web',
    '<rootDir>/test',
  ],
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  transform: { '^.+\\.(t|j|mj)sx?$': ['@swc/jest'] },
  transformIgnorePatterns: ['/node_modules/(?!(jose|uuid|fast-check|pure-rand|@noble|@scure)/)'],
  moduleNameMapper: { '^@yidian/(.*)$': '<rootDir>/libs/$1' },
  globalSetup: '<rootDir>/libs/testing/global-setup.ts',
  globalTeardown: '<rootDir>/libs/testing/global-teardown.ts',
  maxWorkers: 2,
  testTimeout: 30_000,
};

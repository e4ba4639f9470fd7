import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { complete, lockProblems, missingEntries, platformOf } from './complete.mjs';

const lock = () => ({
  packages: {
    '': { version: '1.0.0' },
    'node_modules/fast': {
      version: '2.0.0',
      integrity: 'sha512-x',
      dev: true,
      optionalDependencies: { '@fast/linux-x64-gnu': '2.0.0', '@fast/darwin-arm64': '2.0.0', nested: '1.0.0' },
    },
    'node_modules/@fast/linux-x64-gnu': { version: '2.0.0', integrity: 'sha512-y', optional: true },
    'node_modules/fast/node_modules/nested': { version: '1.0.0', integrity: 'sha512-z', optional: true },
  },
});

it('adds what the lock lacks and nothing that stands there, nested ones included', () => {
  const incomplete = lock();
  expect(complete(incomplete)).toEqual(['@fast/darwin-arm64']);
  expect(incomplete.packages).toHaveProperty(['node_modules/@fast/darwin-arm64'], {
    version: '2.0.0',
    cpu: ['arm64'],
    dev: true,
    optional: true,
    os: ['darwin'],
  });
  expect(missingEntries(incomplete)).toEqual([]);
});

it.each([
  ['@swc/core-linux-arm64-musl', { os: 'linux', cpu: 'arm64', libc: 'musl' }],
  ['@unrs/resolver-binding-linux-arm-gnueabihf', { os: 'linux', cpu: 'arm', libc: 'glibc' }],
  ['@swc/core-win32-x64-msvc', { os: 'win32', cpu: 'x64', libc: undefined }],
  ['fsevents', { os: undefined, cpu: undefined, libc: undefined }],
])('reads the platform out of %s', (name, platform) => expect(platformOf(name)).toEqual(platform));

it('refuses a version that is not exact', () => {
  const loose = { packages: { 'node_modules/a': { optionalDependencies: { b: '^1.0.0' } } } };
  expect(() => complete(loose)).toThrow('not pinned exactly');
});

it('finds a registry host and a missing hash', () => {
  const text = JSON.stringify({
    packages: { 'node_modules/a': { version: '1.0.0', resolved: 'https://example.org/a.tgz' } },
  });
  expect(lockProblems(text)).toEqual(['node_modules/a names a registry host', 'node_modules/a has no integrity hash']);
});

it("the house's own lock is complete", () => {
  expect(lockProblems(readFileSync(join(__dirname, '../../package-lock.json'), 'utf8'))).toEqual([]);
});

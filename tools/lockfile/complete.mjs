/**
 * npm leaves out of the lock the optional binaries of platforms that its registry could not show, and `npm ci` then
 * refuses that lock ("Missing: @swc/core-darwin-arm64 from lock file", npm/cli #4828). This adds an entry with name,
 * version, os, cpu and libc for each optional dependency of a locked package that has none. On its own platform npm
 * then fetches it by name and version; elsewhere it is skipped.
 */

const OS = ['darwin', 'linux', 'win32', 'android', 'freebsd', 'openharmony', 'openbsd', 'netbsd', 'sunos', 'aix'];
const CPU = ['arm64', 'x64', 'arm', 'ppc64', 's390x', 'ia32', 'riscv64', 'loong64', 'wasm32'];

/** The folder under which Node would find `name` when `from` asks for it, or undefined. */
function resolve(packages, from, name) {
  for (let at = from; ;) {
    const key = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (packages[key]) return key;
    if (at === '') return undefined;
    const cut = at.lastIndexOf('/node_modules/');
    at = cut < 0 ? '' : at.slice(0, cut);
  }
}

/** Reads the platform out of a binary package's name, e.g. `@swc/core-linux-arm64-musl`. */
export function platformOf(name) {
  const parts = name.split('/').pop().split(/[-.]/);
  const os = OS.find((each) => parts.includes(each)) ?? (parts.includes('windows') ? 'win32' : undefined);
  const cpu = CPU.find((each) => parts.some((part) => part === each || (each === 'arm' && part === 'armv7')));
  const libc = parts.some((part) => part.startsWith('musl'))
    ? 'musl'
    : os === 'linux' && parts.some((part) => part.startsWith('gnu'))
      ? 'glibc'
      : undefined;
  return { os, cpu, libc };
}

/** Optional dependencies that the lock names nowhere: `{ key, name, version, parent }`. */
export function missingEntries(lock) {
  const missing = new Map();
  for (const [from, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!resolve(lock.packages, from, name))
        missing.set(name, { key: `node_modules/${name}`, name, version, parent: entry });
    }
  }
  return [...missing.values()];
}

/** Adds the missing entries in npm's own order; returns their names. Throws on a version that is not exact. */
export function complete(lock) {
  const added = missingEntries(lock);
  for (const { key, name, version, parent } of added) {
    if (!/^\d+\.\d+\.\d+/.test(version)) throw new Error(`${name}@${version} is optional but not pinned exactly`);
    const { os, cpu, libc } = platformOf(name);
    lock.packages[key] = {
      version,
      ...(cpu ? { cpu: [cpu] } : {}),
      ...(parent.dev ? { dev: true } : {}),
      ...(libc ? { libc: [libc] } : {}),
      optional: true,
      ...(os ? { os: [os] } : {}),
    };
  }
  if (added.length > 0) {
    const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a === b ? 0 : a.localeCompare(b, 'en')));
    lock.packages = Object.fromEntries(sorted);
  }
  return added.map(({ name }) => name);
}

/** What is wrong with a lock file as it is committed; empty when nothing is. */
export function lockProblems(text) {
  const lock = JSON.parse(text);
  const problems = missingEntries(lock).map(({ name }) => `no entry for the optional package ${name}`);
  for (const [key, entry] of Object.entries(lock.packages)) {
    if (typeof entry.resolved === 'string' && /^https?:/.test(entry.resolved))
      problems.push(`${key} names a registry host`);
    if (key !== '' && !entry.link && !entry.optional && !entry.integrity) problems.push(`${key} has no integrity hash`);
  }
  return problems;
}

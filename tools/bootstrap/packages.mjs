/** Installs the exact locked packages when node_modules does not hold them already. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from './child.mjs';
import { PlainError } from './plain-error.mjs';

const MINIMUM = [20, 19];

/** One sentence when this Node is too old, else undefined. */
export function nodeTooOld(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return undefined;
  return `Node ${version} is too old: Yidian needs Node ${MINIMUM.join('.')} or newer (https://nodejs.org).`;
}

/** True when node_modules holds every required package of the lock in its version. npm writes its own list last. */
export function packagesPresent(root) {
  const installedPath = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedPath)) return false;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedPath, 'utf8')).packages;
  return Object.entries(locked).every(
    ([key, entry]) => key === '' || entry.optional || entry.peer || installed[key]?.version === entry.version,
  );
}

export async function ensurePackages(root, screen) {
  const step = screen.step('packages');
  const required = requiredKeys(root);
  if (packagesPresent(root)) {
    step.done(`${required.length} present, as locked`);
    return;
  }
  const unpacked = () => required.filter((key) => existsSync(join(root, key, 'package.json'))).length;
  const timer = setInterval(() => step.progress(unpacked(), required.length), 700);
  try {
    await npmCi(root);
  } catch (error) {
    step.fail('');
    throw error;
  } finally {
    clearInterval(timer);
  }
  step.done(`${required.length} installed, as locked`);
}

async function npmCi(root) {
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? [process.execPath, process.env.npm_execpath]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
  const args = [
    ...npm.slice(1),
    'ci',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { code, said } = await runQuietly(npm[0], args, { cwd: root }).catch((error) => {
    throw new PlainError(`npm could not be run: ${error.message}`);
  });
  if (code !== 0) throw new PlainError(reasonOf(said, code));
}

function reasonOf(trouble, code) {
  if (/ENOSPC/.test(trouble)) return 'The disk is full: installing the packages needs about 900 MB.';
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED/.test(trouble))
    return 'The npm registry cannot be reached: check the network or proxy, then start again.';
  const first = trouble.split('\n').find((line) => /npm (error|ERR!)/.test(line) && !/code/.test(line));
  return `npm could not install the locked packages (exit ${code}): ${first?.replace(/npm (error|ERR!) /, '') ?? 'no reason given'}`;
}

/** Where the required packages of the lock lie, relative to the root. */
function requiredKeys(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([key, entry]) => key !== '' && !entry.optional && !entry.peer)
    .map(([key]) => key);
}

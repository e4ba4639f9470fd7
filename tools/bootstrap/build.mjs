/** Compiles the TypeScript (about a second, always) and the two sites (only when their sources changed). */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runQuietly } from './child.mjs';
import { PlainError } from './plain-error.mjs';

const SITES = ['portal', 'console'];

export async function build(root, screen) {
  const step = screen.step('build');
  try {
    step.note('services');
    await compile(root);
    const built = await buildSites(root, step);
    step.done(`4 services, sandbox, ${SITES.length} sites${built ? '' : ' (sites unchanged)'}`);
  } catch (error) {
    step.fail();
    throw error;
  }
}

export function compile(root) {
  const sources = ['apps', 'libs', 'sandbox', 'tools'];
  const args = ['-d', 'dist', '--extensions', '.ts', '--ignore', '**/*.spec.ts', '--copy-files', '--quiet'];
  return node(root, ['node_modules/@swc/cli/bin/swc.js', ...sources, ...args], 'The TypeScript could not be compiled');
}

async function buildSites(root, step) {
  const print = fingerprint(root, ['web', 'package-lock.json']);
  const stamp = join(root, 'dist/web/.built-from');
  const present = SITES.every((site) => existsSync(join(root, 'dist/web', site, 'index.html')));
  if (present && existsSync(stamp) && readFileSync(stamp, 'utf8') === print) return false;
  for (const [index, site] of SITES.entries()) {
    step.progress(index + 1, SITES.length + 1, `site: ${site}`);
    const args = ['node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.mts', '--logLevel', 'error'];
    await node(root, args, `The site "${site}" could not be built`, { SITE: site });
  }
  mkdirSync(join(root, 'dist/web'), { recursive: true });
  writeFileSync(stamp, print);
  return true;
}

function fingerprint(root, paths) {
  const hash = createHash('sha256');
  const walk = (path) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) if (name !== 'node_modules') walk(join(path, name));
    } else {
      hash
        .update(`${relative(root, path)}\0`)
        .update(readFileSync(path))
        .update('\0');
    }
  };
  for (const path of paths) walk(join(root, path));
  return hash.digest('hex');
}

/** Its output becomes the reason when it fails. */
async function node(root, args, failure, env = {}) {
  const { code, said } = await runQuietly(process.execPath, args, { cwd: root, env });
  if (code !== 0) throw new PlainError(`${failure}:\n${said.trim()}`);
}

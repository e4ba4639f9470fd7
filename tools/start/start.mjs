/**
 * `npm start`. Runs before anything is installed, so it uses Node alone: checks the machine, installs the locked
 * packages, builds, then hands over to the compiled part (tools/start/main.ts).
 */
import { existsSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../bootstrap/build.mjs';
import { ensurePackages, nodeTooOld } from '../bootstrap/packages.mjs';
import { inWords, PlainError } from '../bootstrap/plain-error.mjs';
import { Screen } from '../bootstrap/screen.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const KNOWN = ['--exit', '--no-demo'];

async function main() {
  const old = nodeTooOld();
  if (old) throw new PlainError(old);
  const unknown = process.argv.slice(2).filter((arg) => !KNOWN.includes(arg));
  if (unknown.length > 0)
    throw new PlainError(`npm start does not know ${unknown.join(' ')}: it takes -- ${KNOWN.join(' and -- ')}.`);
  roomOnDisk();
  const screen = new Screen();
  banner(screen);
  await ensurePackages(root, screen);
  await build(root, screen);
  const { run } = createRequire(import.meta.url)(join(root, 'dist/tools/start/main.js'));
  await run({ root, screen, exit: process.argv.includes('--exit'), demo: !process.argv.includes('--no-demo') });
}

function banner(screen) {
  const given = ['DATABASE_URL', 'REDIS_URL'].filter((name) => process.env[name]);
  const servers =
    given.length === 2
      ? 'use the servers named by DATABASE_URL and REDIS_URL'
      : 'use MariaDB and Redis found on PATH (missing: signed Debian';
  screen.say('一点付 Yidian · one gateway, 31 branches, every bank');
  screen.say(`This will: install locked npm packages · ${servers}`);
  if (given.length < 2) screen.say('           packages unpacked into .data/runtime, nothing installed)');
  screen.say(
    '           keep all data in .data/ · listen on 127.0.0.1 only · start nothing at boot.   Undo: npm run reset',
  );
  screen.say();
}

/** A first start writes about 900 MB of packages and 300 MB of data; a full disk would stop it half-way. */
function roomOnDisk() {
  const needed = existsSync(join(root, 'node_modules/.package-lock.json')) ? 400 : 1_600;
  const { bavail, bsize } = statfsSync(root);
  const free = Math.floor((bavail * bsize) / 1_000_000);
  if (free < needed)
    throw new PlainError(
      `The disk has ${free} MB free and this needs about ${needed} MB: free some space, then start again.`,
    );
}

process.stdout.on('error', () => undefined); // a closed pipe (`npm start | head`) is no reason to leave servers behind
main().catch((error) => {
  const plain = error.name === 'PlainError' ? error.message : inWords(error);
  process.stderr.write(`\n${plain ?? error.stack}\n`);
  process.exit(1);
});

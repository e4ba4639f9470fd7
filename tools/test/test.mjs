/**
 * `npm test` on a bare machine: installs the locked packages, builds, then hands over to the compiled part, which brings
 * MariaDB, Redis and Chromium and runs every check. `--quick` (npm run check) leaves out what needs the whole platform.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../bootstrap/build.mjs';
import { ensurePackages, nodeTooOld } from '../bootstrap/packages.mjs';
import { inWords, PlainError } from '../bootstrap/plain-error.mjs';
import { Screen } from '../bootstrap/screen.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

async function main() {
  const old = nodeTooOld();
  if (old) throw new PlainError(old);
  const screen = new Screen();
  await ensurePackages(root, screen);
  await build(root, screen);
  const { run } = createRequire(import.meta.url)(join(root, 'dist/tools/test/main.js'));
  await run({ root, screen, quick: process.argv.includes('--quick') });
}

process.stdout.on('error', () => undefined);
main().catch((error) => {
  const plain = error.name === 'PlainError' ? error.message : inWords(error);
  process.stderr.write(`\n${plain ?? error.stack}\n`);
  process.exit(1);
});

/**
 * `npm run bench:<name>`: installs the locked packages when they are missing, compiles, then hands over to
 * tools/bench/<name>/main.ts, whose `run` is told the words after the name and returns the exit code.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '../../bootstrap/build.mjs';
import { ensurePackages, nodeTooOld } from '../../bootstrap/packages.mjs';
import { inWords, PlainError } from '../../bootstrap/plain-error.mjs';
import { Screen } from '../../bootstrap/screen.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');
const [name, ...args] = process.argv.slice(2);

async function main() {
  const old = nodeTooOld();
  if (old) throw new PlainError(old);
  const screen = new Screen();
  await ensurePackages(root, screen);
  const step = screen.step('build');
  await compile(root);
  step.done('as in production');
  process.env.NODE_ENV ??= 'production'; // not before: npm would leave the compiler out
  const { run } = createRequire(import.meta.url)(join(root, `dist/tools/bench/${name}/main.js`));
  process.exit(await run({ root, screen, args }));
}

process.stdout.on('error', () => undefined);
main().catch((error) => {
  const plain = ['PlainError', 'ConfigError'].includes(error.name) ? error.message : inWords(error);
  process.stderr.write(`\n${plain ?? error.stack}\n`);
  process.exit(1);
});

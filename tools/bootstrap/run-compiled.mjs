/** Runs a compiled tool. Compiles when `fresh` is asked for or when nothing was compiled yet. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './build.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

/**
 * @param {string} file below dist/; its module exports `main(args, root)`, which returns the exit code
 * @param extra what the tool's `main` is told besides, such as a screen
 */
export async function runCompiled(file, { fresh = false, extra = [] } = {}) {
  try {
    if (fresh || !existsSync(join(root, 'dist', file))) await compile(root);
    const { main } = createRequire(import.meta.url)(join(root, 'dist', file));
    process.exitCode = await main(process.argv.slice(2), root, ...extra);
  } catch (error) {
    const plain = ['PlainError', 'ConfigError'].includes(error.name);
    process.stderr.write(`${plain ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}

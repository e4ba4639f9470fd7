/** For .ci/run: stops platforms whose test run was killed. Does nothing when the build never got that far. */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const platforms = join(root, '.data/test/platforms');
const compiled = join(root, 'dist/tools/platform/run-file.js');

if (existsSync(platforms) && existsSync(compiled)) {
  const { clearStaleRun } = createRequire(import.meta.url)(compiled);
  for (const name of readdirSync(platforms)) await clearStaleRun(join(platforms, name, 'run.json'));
}

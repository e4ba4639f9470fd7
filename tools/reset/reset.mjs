/** `npm run reset`: wipes .data (databases, keys, unpacked programs) and out (reports). Stops what a killed start left. */
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const runFile = join(root, '.data/run.json');
const compiled = join(root, 'dist/tools/platform/run-file.js');

try {
  if (existsSync(runFile) && existsSync(compiled)) {
    const { clearStaleRun } = createRequire(import.meta.url)(compiled);
    const stopped = await clearStaleRun(runFile);
    if (stopped.length > 0) console.log(`stopped what an earlier start had left: ${stopped.join(', ')}`);
  }
  for (const folder of ['.data', 'out']) rmSync(join(root, folder), { recursive: true, force: true });
  console.log('.data and out are gone; the next npm start begins anew');
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

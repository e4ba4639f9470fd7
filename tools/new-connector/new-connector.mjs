/** `npm run new:connector NAME`: makes the folder, then writes the registry anew. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compile } from '../bootstrap/build.mjs';
import { ensurePackages } from '../bootstrap/packages.mjs';
import { Screen } from '../bootstrap/screen.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
await ensurePackages(root, new Screen());
await compile(root);
const { run } = createRequire(import.meta.url)(join(root, 'dist/tools/new-connector/main.js'));
const code = run(root, process.argv.slice(2), (text) => process.stdout.write(text));
if (code !== 0) process.exit(code);
// The first writes the registry; the second reads what stands in it.
for (let turn = 0; turn < 2; turn++) {
  const { status } = spawnSync(process.execPath, ['tools/generate/generate.mjs'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

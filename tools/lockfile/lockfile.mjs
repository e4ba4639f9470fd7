/** `npm run lockfile`: completes package-lock.json after an install. `-- --check` only looks, and exits 1 on a finding. */
import { readFileSync, writeFileSync } from 'node:fs';
import { complete, lockProblems } from './complete.mjs';

const path = new URL('../../package-lock.json', import.meta.url);
const text = readFileSync(path, 'utf8');

if (process.argv.includes('--check')) {
  const problems = lockProblems(text);
  for (const problem of problems) console.error(`package-lock.json: ${problem}`);
  if (problems.length > 0) console.error('Run `npm run lockfile` and commit the result.');
  process.exit(problems.length > 0 ? 1 : 0);
}

const lock = JSON.parse(text);
for (const entry of Object.values(lock.packages)) {
  if (typeof entry.resolved === 'string' && /^https?:/.test(entry.resolved)) delete entry.resolved;
}
const added = complete(lock);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'package-lock.json is complete' : `package-lock.json: added ${added.join(', ')}`);

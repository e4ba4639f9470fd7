/** `npm run verify`: recomputes the books from the rows of the databases. With --json the last line of stdout is the report. */
import { runCompiled } from '../bootstrap/run-compiled.mjs';
import { Screen } from '../bootstrap/screen.mjs';

const json = process.argv.includes('--json');
await runCompiled('tools/verify/main.js', { extra: [new Screen(json ? process.stderr : process.stdout)] });

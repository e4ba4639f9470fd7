/** `npm run settle -- …`: settles dates and months, tells how they stand, prints statements, verifies the money ledger. */
import { runCompiled } from '../bootstrap/run-compiled.mjs';
import { Screen } from '../bootstrap/screen.mjs';

// With --json standard output belongs to the one object.
const out = process.argv.includes('--json') ? process.stderr : process.stdout;
await runCompiled('tools/settle/main.js', { extra: [new Screen(out)] });

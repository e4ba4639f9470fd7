/** `npm run recon -- …`: runs nights, tells how far they are, lists breaks, writes reports. */
import { runCompiled } from '../bootstrap/run-compiled.mjs';
import { Screen } from '../bootstrap/screen.mjs';

// With --json standard output belongs to the one object.
const out = process.argv.includes('--json') ? process.stderr : process.stdout;
await runCompiled('tools/recon/main.js', { extra: [new Screen(out)] });

/** `npm run callback -- verify …`: says whether a request is a provider's or a partner's. With --json the last line is the report. */
import { runCompiled } from '../bootstrap/run-compiled.mjs';

await runCompiled('tools/callback/main.js');

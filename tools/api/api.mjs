/** `npm run api -- METHOD PATH [JSON]` or `npm run api -- listen`: runs the compiled tool, compiling first when needed. */
import { runCompiled } from '../bootstrap/run-compiled.mjs';

await runCompiled('tools/api/main.js');

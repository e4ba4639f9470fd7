/** `npm run partner -- new NAME --scopes …`: runs the compiled tool, compiling first when needed. */
import { runCompiled } from '../bootstrap/run-compiled.mjs';

await runCompiled('tools/partner/main.js');

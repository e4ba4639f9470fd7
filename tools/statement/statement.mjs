/** `npm run statement -- parse --provider NAME FILE`: reads a provider's statement file as reconciliation reads it. */
import { runCompiled } from '../bootstrap/run-compiled.mjs';
import { Screen } from '../bootstrap/screen.mjs';

await runCompiled('tools/statement/main.js', { extra: [new Screen(process.stderr)] });

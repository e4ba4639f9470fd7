/** `npm run numbers -- …`: imports segments and ported numbers, answers who owned a number. */
import { runCompiled } from '../bootstrap/run-compiled.mjs';
import { Screen } from '../bootstrap/screen.mjs';

await runCompiled('tools/numbers/main.js', { extra: [new Screen()] });

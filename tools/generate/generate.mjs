/** `npm run generate [-- --check]`: always from freshly compiled sources, or it would describe yesterday's routes. */
import { runCompiled } from '../bootstrap/run-compiled.mjs';

await runCompiled('tools/generate/main.js', { fresh: true });

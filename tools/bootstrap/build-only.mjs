/** `npm run build`: what start and test do before they run anything. */
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { Screen } from './screen.mjs';

build(fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, ''), new Screen()).catch((error) => {
  console.error(error.message);
  process.exit(1);
});

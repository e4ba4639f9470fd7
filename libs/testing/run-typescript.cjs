/** For `node -r`: runs TypeScript of this repository as tests do, so that a test can start a process of its own and kill it. */
const { transformFileSync } = require('@swc/core');
const { join } = require('node:path');

const root = join(__dirname, '../..');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformFileSync(filename, { cwd: root, root, sourceMaps: 'inline' });
  module._compile(code, filename);
};

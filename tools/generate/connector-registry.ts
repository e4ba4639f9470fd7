import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The list of connectors, from the folders of libs/connectors: a new provider edits no shared file by hand. */
export function connectorRegistry(root: string): string {
  const folders = join(root, 'libs/connectors');
  const names = readdirSync(folders, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'contract')
    .map((entry) => entry.name)
    .filter((name) => existsSync(join(folders, name, 'index.ts')))
    .sort();
  const symbol = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return [
    '// Written by `npm run generate` from the folders beside it: do not edit.',
    "import type { ConnectorDefinition } from './contract';",
    ...names.map((name) => `import { definition as ${symbol(name)} } from './${name}';`),
    '',
    '/** Every connector of this build. */',
    `export const CONNECTORS: readonly ConnectorDefinition[] = [${names.map(symbol).join(', ')}];`,
    '',
  ].join('\n');
}

/** A check that needs nothing running: a name, and the Node program that exits 0 when all is well. */
export interface Check {
  name: string;
  args: string[];
  /** What its success means, for the line. */
  says: string;
}

const bin = (path: string) => `node_modules/${path}`;

export const CHECKS: readonly Check[] = [
  {
    name: 'format',
    says: 'prettier finds nothing to change',
    args: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '--cache', '.'],
  },
  {
    name: 'lint',
    says: 'typed rules: no floating promise, no any',
    args: [
      bin('eslint/bin/eslint.js'),
      '.',
      '--max-warnings',
      '0',
      '--cache',
      '--cache-location',
      bin('.cache/eslint/'),
    ],
  },
  { name: 'types', says: 'services, sandbox, tools, tests', args: [bin('typescript/bin/tsc'), '-p', 'tsconfig.json'] },
  { name: 'types (web)', says: 'portal, console, kit', args: [bin('typescript/bin/tsc'), '-p', 'web/tsconfig.json'] },
  {
    name: 'import law',
    says: 'no app knows another, no cycles',
    args: [
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      ...['--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'sandbox', 'tools', 'test', 'web'],
    ],
  },
  {
    name: 'generated',
    says: 'OpenAPI, web client, error page as generated',
    args: ['tools/generate/generate.mjs', '--check'],
  },
  { name: 'lock file', says: 'every platform, no registry host', args: ['tools/lockfile/lockfile.mjs', '--check'] },
];

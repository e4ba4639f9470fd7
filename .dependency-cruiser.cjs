/** The import law of the house. Type-only imports count: a type from another room is knowledge of that room. */
const LIB_ORDER = [
  // Lower rows never import from higher ones. money and errors stand on nothing.
  ['money', 'errors'],
  ['contracts', 'config'],
  ['database', 'telemetry', 'security', 'archive', 'batching', 'messaging', 'smpp'],
  ['http', 'journal', 'connectors'],
  ['ledger'],
  ['testing'],
];

/** Each row may import its own row and those below; within a row cycles are found by `no-cycles`. */
const downward = LIB_ORDER.slice(0, -1).map((row, index) => ({
  name: `libs-downward-${row.join('-')}`,
  severity: 'error',
  comment: 'A library imports only from its own level and below.',
  from: { path: `^libs/(${row.join('|')})/`, pathNot: '\\.spec\\.ts$' },
  to: {
    path: `^libs/(${LIB_ORDER.slice(index + 1)
      .flat()
      .join('|')})/`,
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'money-and-errors-stand-alone',
      severity: 'error',
      from: { path: '^libs/(money|errors)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs/(?!$1/)|apps/|sandbox/|tools/|web/)' },
    },
    {
      name: 'contracts-stand-on-money-and-errors',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: { path: '^(libs/(?!(contracts|money|errors)/)|apps/|sandbox/|tools/|web/)' },
    },
    ...downward,
    {
      name: 'libs-know-no-process',
      severity: 'error',
      from: { path: '^libs/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(apps|sandbox|tools|web|test)/' },
    },
    {
      name: 'apps-never-meet',
      severity: 'error',
      comment: 'Services meet only through libs/contracts.',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^(apps/(?!$1/)|sandbox/|tools/|web/|test/)' },
    },
    {
      name: 'sandbox-is-outside',
      severity: 'error',
      comment: 'The outside world speaks to the platform through its public doors only.',
      from: { path: '^sandbox/' },
      to: { path: '^(apps|tools|web|test)/' },
    },
    {
      name: 'tools-see-only-schemas',
      severity: 'error',
      comment:
        'Tools start services as processes; of an app they may import its schema and what its lanes hash, and the OpenAPI generator its doors; a benchmark of an engine runs that engine itself.',
      from: {
        path: '^(tools|test)/',
        pathNot: '^tools/generate/|^tools/bench/(recon|settle)/|^test/e2e/|\\.(spec|e2e)\\.ts$',
      },
      to: { path: '^apps/[^/]+/src/', pathNot: '^apps/[^/]+/src/((schema|hash-sources)\\.ts$|migrations/)' },
    },
    {
      name: 'tests-of-tools-see-stages',
      severity: 'error',
      comment: 'A test of a tool, and what belongs to it, may stand up a service by the stage that its own tests use.',
      from: { path: '^test/e2e/|^(tools|test)/.*\\.(spec|e2e)\\.ts$', pathNot: '^tools/generate/' },
      to: { path: '^apps/[^/]+/src/', pathNot: '^apps/[^/]+/src/((schema|hash-sources)\\.ts$|migrations/|testing/)' },
    },
    {
      name: 'web-uses-kit-and-client',
      severity: 'error',
      from: { path: '^web/([^/]+)/' },
      to: { path: '^(apps|libs|sandbox|tools|test)/|^web/(?!(kit|$1)/)' },
    },
    {
      name: 'callback-door-is-dumb',
      severity: 'error',
      comment: "The callbacks' door verifies and stores; meaning comes later in a job, so it knows no business room.",
      from: { path: '^apps/gateway/src/providers/callback', pathNot: '\\.spec\\.ts$' },
      to: { path: '^apps/gateway/src/(payments|agreements|notifications|channels)/' },
    },
    { name: 'found', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'declared',
      severity: 'error',
      comment: 'A package used but not in package.json comes and goes with others.',
      from: { path: '^(apps|libs|sandbox|tools|web)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-packages-in-production',
      severity: 'error',
      from: { path: '^(apps|libs|sandbox)/', pathNot: '\\.spec\\.ts$|^libs/testing/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules/\\.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};

import type { Capabilities, ConnectorDefinition } from '@yidian/connectors/contract';
import { CALLBACK_DAMAGES, SCRIPTS } from '@yidian/connectors/contract/conformance';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Row = readonly [what: string, cell: (can: Capabilities) => string];

const yes = (can: unknown): string => (can ? '✔' : '–');

/** What a connector can do, in the order in which money meets it. */
const ROWS: readonly Row[] = [
  ['debit by agreement', ({ debit }) => (debit ? (debit.batch ? '✔ single, file' : '✔') : '–')],
  ['cashier', ({ cashier }) => (cashier ? cashier.presentations.join(', ') : '–')],
  ['query', ({ query }) => yes(query)],
  ['close', ({ close }) => yes(close)],
  [
    'refund',
    ({ refund }) => (refund ? `${refund.partial ? 'whole, partial' : 'whole'}, ${refund.windowDays} days` : '–'),
  ],
  ['refund query', ({ refund }) => yes(refund?.query)],
  ['reverse, same day', ({ reverse }) => yes(reverse)],
  ['sign', ({ agreement }) => yes(agreement)],
  ['sign query', ({ agreement }) => yes(agreement?.query)],
  ['unsign', ({ agreement }) => yes(agreement?.unsign)],
  ['agreement file', ({ agreement }) => yes(agreement?.file)],
  ['statement', ({ statement }) => (statement ? statement.formats.join(', ') : '–')],
  ['payout files', ({ payouts }) => yes(payouts)],
  ['callbacks', ({ callbacks }) => (callbacks.length > 0 ? callbacks.join(', ') : '–')],
];

/** The table of providers, from what connectors declare and what the conformance suite tries on them. */
export function providersPage(connectors: readonly ConnectorDefinition[], root: string): string {
  const tested = new Set(connectors.map(({ name }) => name).filter((name) => isTested(root, name)));
  const untested = connectors.filter(({ name }) => !tested.has(name));
  if (untested.length > 0)
    throw new Error(`no spec runs the conformance suite on ${untested.map(({ name }) => name).join(', ')}`);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    '# Providers',
    '',
    '<!-- Written by `npm run generate` from what the connectors declare: do not edit. -->',
    '',
    'One folder of `libs/connectors` each; how to connect one is in [providers](providers/README.md). `–` is answered "surely not',
    'executed" without a word to the provider, and the suite tries that, too.',
    '',
    line(['', ...connectors.map(({ name }) => name)]),
    line(['---', ...connectors.map(() => '---')]),
    line(['', ...connectors.map(({ titleZh, titleEn }) => `${titleZh} · ${titleEn}`)]),
    ...ROWS.map(([what, cell]) => line([what, ...connectors.map(({ capabilities }) => cell(capabilities))])),
    '',
    '## What is tried on every one of them',
    '',
    `Each of ${tested.size} runs the same suite (\`libs/connectors/contract/conformance.ts\`) against a real HTTP server that speaks its protocol`,
    'with its own keys. Debit, cashier, refund, query and refund query are each answered by:',
    '',
    ...SCRIPTS.map((script) => `- \`${script}\``),
    '',
    'A genuine callback is verified and read; refused is one that was damaged like this, where the protocol has what can be',
    'damaged so:',
    '',
    ...CALLBACK_DAMAGES.map((damage) => `- \`${damage}\``),
    '',
  ].join('\n');
}

function isTested(root: string, name: string): boolean {
  const folder = join(root, 'libs/connectors', name);
  const specs = readdirSync(folder).filter((file) => file.endsWith('.spec.ts'));
  return specs.some((file) => readFileSync(join(folder, file), 'utf8').includes(`connectorConformance('${name}`));
}

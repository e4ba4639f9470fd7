import type { Capabilities, ConnectorDefinition } from '@yidian/connectors/contract';
import { CALLBACK_DAMAGES, type PlayedProvider } from '@yidian/connectors/contract/played-provider';
import { SCRIPTS, TRIED } from '@yidian/connectors/contract/tried';
import { triedOn } from './tried-on';

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
  ['same-day reverse', ({ reverse }) => yes(reverse)],
  ['sign', ({ agreement }) => yes(agreement)],
  ['sign query', ({ agreement }) => yes(agreement?.query)],
  ['unsign', ({ agreement }) => yes(agreement?.unsign)],
  ['agreement file', ({ agreement }) => yes(agreement?.file)],
  ['statement', ({ statement }) => (statement ? statement.formats.join(', ') : '–')],
  ['payout files', ({ payouts }) => yes(payouts)],
  ['callbacks', ({ callbacks }) => (callbacks.length > 0 ? callbacks.join(', ') : '–')],
];

/** The tables of providers, from what connectors declare and from what the conformance suite can do to each of them. */
export async function providersPage(connectors: readonly ConnectorDefinition[], root: string): Promise<string> {
  const played = await triedOn(connectors, root);
  const names = connectors.map(({ name }) => name);
  return [
    '# Providers',
    '',
    '<!-- Written by `npm run generate` from the connectors and their conformance suite: do not edit. -->',
    '',
    'One folder of `libs/connectors` each; how to connect one is in [providers](providers/README.md). `–` is answered "surely not',
    'executed" without a word to the provider, and the suite tries that, too. The last column is the number of answers below that',
    'each is tried with.',
    '',
    line(['', ...names, 'tried with']),
    ruled(names.length + 2),
    line(['', ...connectors.map(({ titleZh, titleEn }) => `${titleZh} · ${titleEn}`), '']),
    ...ROWS.map(([what, cell]) =>
      line([what, ...connectors.map(({ capabilities }) => cell(capabilities)), String(TRIED[what]?.length ?? '')]),
    ),
    '',
    ...answersTable(names, played),
    ...damagesTable(names, played),
  ].join('\n');
}

function answersTable(names: readonly string[], played: ReadonlyMap<string, PlayedProvider>): string[] {
  const cell = (script: string, provider: PlayedProvider | undefined): string => {
    if (script === 'forged' && provider?.unsignedAnswers) return '–';
    const later = provider?.answersLater;
    const asked = [...(later?.debit ? ['debit'] : []), ...(later?.refund ? ['refund'] : [])];
    return ['succeed', 'wrong_amount'].includes(script) && asked.length > 0 ? `✔ ${asked.join(', ')}: asked` : '✔';
  };
  const calls = (script: string) =>
    Object.entries(TRIED).flatMap(([what, scripts]) => (scripts.some((one) => one === script) ? [what] : []));
  return [
    '## What is tried on every one of them',
    '',
    `Each of ${names.length} runs the same suite (\`libs/connectors/contract/conformance.ts\`) against a real HTTP server that speaks its protocol`,
    'with its own keys, and that answers like this. `–`: its answers bear no signature (TLS alone protects them). `asked`: the',
    'answer only says "accepted"; what became of it is what the question tells.',
    '',
    line(['answer', ...names, 'to']),
    ruled(names.length + 2),
    ...SCRIPTS.map((script) =>
      line([`\`${script}\``, ...names.map((name) => cell(script, played.get(name))), calls(script).join(', ')]),
    ),
    '',
  ];
}

function damagesTable(names: readonly string[], played: ReadonlyMap<string, PlayedProvider>): string[] {
  const cell = (damage: (typeof CALLBACK_DAMAGES)[number], name: string) =>
    played.get(name)?.damaged(damage, '2611224321500731004201', 5000n) ? '✔' : '–';
  return [
    'A genuine callback is verified and read, and told again it is the same event; refused is one that was damaged like this.',
    '`–`: the protocol has nothing that could be damaged so.',
    '',
    line(['damage', ...names]),
    ruled(names.length + 1),
    ...CALLBACK_DAMAGES.map((damage) => line([`\`${damage}\``, ...names.map((name) => cell(damage, name))])),
    '',
  ];
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const ruled = (columns: number): string => line(Array.from({ length: columns }, () => '---'));

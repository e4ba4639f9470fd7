import type { BranchInfo } from '@yidian/contracts';
import { RpcClient } from '@yidian/messaging';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { inStep, PlainError, type Screen } from '../platform/progress';
import { BranchNames } from './branch-names';
import type { FileRows } from './file-rows';
import { numbersConfig } from './numbers.config';
import { readPhoneDat } from './read-phone-dat';
import { readPorts } from './read-ports';
import { readSegments } from './read-segments';
import { sendFile, type FileOf } from './send-file';
import { ownerText, versionText } from './show';

const USAGE = `npm run numbers -- import-segments FILE --format csv|phone.dat --from YYYY-MM-DD [--whole-table] [--carriers 1,6]
npm run numbers -- import-ports FILE [--from YYYY-MM-DD --whole-table]
npm run numbers -- who NUMBER [--at 2026-11-22T10:00:00+08:00]
npm run numbers -- versions [--limit 20]
Segments as CSV: columns prefix, branch (code or province), and if wanted last, carrier. Ported numbers: number, branch (or
out), from, and if wanted until. --whole-table: what is not in the file ends. Billing is found beside the front door, or by
BILLING_RPC=host:port. The same file again changes nothing, or goes on where it stopped.`;

const OPTIONS = {
  format: { type: 'string', default: 'csv' },
  from: { type: 'string' },
  at: { type: 'string' },
  carriers: { type: 'string' },
  limit: { type: 'string', default: '20' },
  'whole-table': { type: 'boolean', default: false },
} as const;

type Options = ReturnType<typeof readArguments>['values'];

interface Desk {
  billing: RpcClient<'billing'>;
  screen: Screen;
  actor: string;
}

export async function main(args: string[], root: string, screen: Screen): Promise<number> {
  const { values, positionals } = readArguments(args);
  const [verb, what] = positionals;
  const { host, port, actor } = numbersConfig(root);
  const billing = new RpcClient('billing', host, port, 10_000);
  const desk = { billing, screen, actor };
  try {
    if (verb === 'import-segments' && what) return await importSegments(desk, what, values);
    if (verb === 'import-ports' && what) return await importPorts(desk, what, values);
    if (verb === 'who' && what) return await who(desk, what, values.at ?? new Date().toISOString());
    if (verb === 'versions') return await versions(desk, values.limit);
    screen.say(USAGE);
    return 1;
  } finally {
    billing.close();
  }
}

function readArguments(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new PlainError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

async function importSegments(desk: Desk, path: string, values: Options): Promise<number> {
  const { format, from } = values;
  if (format !== 'csv' && format !== 'phone.dat') throw new PlainError('--format is csv or phone.dat.');
  if (from === undefined) throw new PlainError('--from says from which day on the segments are in force.');
  const carriers = values.carriers && new Set(values.carriers.split(',').map((one) => Number.parseInt(one, 10)));
  return importFile(desk, path, { kind: 'segments', format, from, wholeTable: values['whole-table'] }, (file, names) =>
    format === 'csv' ? readSegments(file.toString('utf8'), names) : readPhoneDat(file, names, carriers || undefined),
  );
}

async function importPorts(desk: Desk, path: string, values: Options): Promise<number> {
  const wholeTable = values['whole-table'];
  if (wholeTable && values.from === undefined)
    throw new PlainError('--whole-table needs --from: the day the rest ends.');
  const from = values.from ?? '1970-01-01';
  return importFile(desk, path, { kind: 'ports', format: 'csv', from, wholeTable }, (file, names) =>
    readPorts(file.toString('utf8'), names),
  );
}

async function importFile(
  { billing, screen, actor }: Desk,
  path: string,
  how: Pick<FileOf, 'kind' | 'format' | 'from' | 'wholeTable'>,
  read: (file: Buffer, names: BranchNames) => FileRows,
): Promise<number> {
  if (!existsSync(path)) throw new PlainError(`${path} is not there.`);
  const file = readFileSync(path);
  const names = new BranchNames(await branchesOf(billing));
  const rows = readable(path, () => read(file, names));
  for (const finding of rows.findings.slice(0, 20)) screen.say(`   ${finding}`);
  if (rows.badLines > 20) screen.say(`   … ${rows.badLines} lines in all cannot be used`);
  refuseNonsense(path, rows);
  const sha256 = createHash('sha256').update(file).digest('hex');
  const version = await inStep(
    screen,
    how.kind,
    (step) => sendFile(billing, { ...how, sha256, fileName: basename(path).slice(0, 200), actor }, rows, step),
    ({ state, opened, closed }) => `${state}: ${opened} begun, ${closed} ended`,
  );
  screen.say(versionText(version));
  return version.state === 'applied' ? 0 : 1;
}

function readable(path: string, read: () => FileRows): FileRows {
  try {
    return read();
  } catch (error) {
    throw new PlainError(`${path}: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** Nobody can know which of two is right, so nothing of such a file is taken. */
function refuseNonsense(path: string, { rows, contradictions }: FileRows): void {
  if (contradictions.length > 0)
    throw new PlainError(
      `${path} contradicts itself; nothing was imported.\n  ${contradictions.slice(0, 10).join('\n  ')}`,
    );
  if (rows.length === 0) throw new PlainError(`${path} has no row that can be used.`);
}

async function branchesOf(billing: RpcClient<'billing'>): Promise<BranchInfo[]> {
  try {
    return (await billing.call('branches.list', {})).branches;
  } catch (error) {
    throw new PlainError(
      `Billing does not answer: run \`npm start\`, or set BILLING_RPC. (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}

async function who({ billing, screen }: Desk, msisdn: string, at: string): Promise<number> {
  const instant = new Date(at);
  if (!/^1\d{10}$/.test(msisdn) || Number.isNaN(instant.getTime())) throw new PlainError(USAGE);
  const { items } = await billing.call('numbers.owner_at', { items: [{ msisdn, at: instant.toISOString() }] });
  for (const answer of items) screen.say(ownerText(answer));
  return items[0]?.owner ? 0 : 1;
}

async function versions({ billing, screen }: Desk, limit: string): Promise<number> {
  const reply = await billing.call('numbering.versions', { limit: Number.parseInt(limit, 10) });
  for (const version of reply.versions) {
    screen.say(versionText(version));
    for (const finding of version.findings.slice(0, 3)) screen.say(`   ${finding}`);
  }
  if (reply.versions.length === 0) screen.say('No file was imported yet.');
  return 0;
}

import { mkdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { DirectoryArchive } from '@yidian/archive';
import { provision } from '@yidian/database';
import { EnginePool } from '../../../apps/reconciliation/src/matching/engine/engine-pool';
import { sealBook, type SealedBook } from '../../../apps/reconciliation/src/matching/engine/seal-book';
import { DAY, PROVIDER } from '../../../apps/reconciliation/src/matching/histories';
import type { BookService } from '../../../apps/reconciliation/src/books/fact';
import { schema } from '../../../apps/reconciliation/src/schema';
import { inStep, type Screen } from '../../platform/progress';
import { Session } from '../../platform/session';
import { startBenchServers } from '../stage/bench-servers';
import { CpuWatch } from '../stage/cpu-times';
import { durabilityLine } from '../stage/durability';
import { machineLine } from '../stage/machine';
import { printJson } from '../stage/report';
import { BenchDay, bookInputs } from './bench-day';
import { reconBenchOptions, type ReconBenchOptions } from './options';
import { HASH_KEY, runRecon, type ReconOutcome, type ReconRun } from './run-recon';
import { fromTables } from './from-tables';
import { ReconTables } from './tables.store';

const SERVICES: readonly BookService[] = ['gateway', 'billing'];
/** A quarter of the machine's memory, as a server would have at least; ten million lines and their facts are five gigabytes. */
const POOL_MB = Math.min(6_144, Math.floor(totalmem() / 2 ** 22));

interface BenchRun {
  root: string;
  screen: Screen;
  args: readonly string[];
}

/** `npm run bench:recon`: a provider's day matched by the engine, and by SQL beside it, on one private durable database. */
export async function run({ root, screen, args }: BenchRun): Promise<number> {
  const options = reconBenchOptions(args);
  const session = new Session(() => screen.say('\n stopping …'));
  try {
    const servers = await startBenchServers({ name: 'recon', root, screen, session, poolMb: POOL_MB, redis: false });
    screen.say(`   ${machineLine()}`);
    screen.say(`   ${durabilityLine(servers.settings)}`);
    const tables = await session.part(() => ReconTables.open(servers.adminUrl));
    session.add(() => tables.close());
    const { url } = await session.part(() => provision(servers.adminUrl, 'bench', schema, 'bench-password'));
    const prepared = await session.part(() => prepare(options, servers.places.data, tables, url, screen));
    const { result, wrong } = await measure(options, prepared, screen, session, servers.databasePid);
    screen.say(`   ${machineLine()}`);
    await session.stop();
    if (options.json) printJson(result);
    return wrong ? 1 : 0;
  } catch (error) {
    await session.stop();
    throw error;
  }
}

async function measure(
  options: ReconBenchOptions,
  run: ReconRun,
  screen: Screen,
  session: Session,
  database: number,
): Promise<{ result: object; wrong: boolean }> {
  const ours = await session.part(() => inStep(screen, 'engine', () => watched(database, () => runRecon(run)), words));
  const tables = options.engineOnly
    ? undefined
    : await session.part(() =>
        inStep(screen, 'from source tables', () => watched(database, () => fromTables(run)), words),
      );
  const rss = process.resourceUsage().maxRSS / 1_024;
  const baseline = options.engineOnly
    ? 0
    : await session.part(() =>
        inStep(
          screen,
          'SQL',
          (step) => compareInSql(run, (what) => step.note(what)),
          (seconds) => `${rounded(seconds)} s`,
        ),
      );
  const { day } = run;
  const result = {
    rows: options.rows,
    seconds: rounded(ours.seconds),
    rows_per_s: Math.round(options.rows / ours.seconds),
    from_tables_seconds: rounded(tables?.seconds ?? 0),
    peak_rss_mb: Math.round(rss),
    baseline_seconds: rounded(baseline),
    ratio: rounded(baseline / ours.seconds),
    injected: day.injected.length,
    found: ours.found,
    false: ours.false,
    residual: Number(ours.residual),
    digest: ours.digest,
  };
  const told = Object.entries(result).map(([name, value]) => `${name} ${value}`);
  screen.say(`   ${told.join('  ')}`);
  const wrong = [ours, ...(tables ? [tables] : [])].some((one) => !isRight(one, day, ours.digest));
  if (wrong) screen.say('   WRONG: what was found is not what was written in.');
  return { result, wrong };
}

/** With what the processors did meanwhile: beside other work it says more than the time. */
async function watched(database: number, work: () => Promise<ReconOutcome>): Promise<ReconOutcome> {
  const processes = [
    { name: 'processor seconds', pid: process.pid },
    { name: "the database's", pid: database },
  ];
  const watch = new CpuWatch(processes);
  watch.begin();
  const outcome = await work();
  const { byName, elsewherePercent } = watch.end();
  const seconds = Object.entries(byName).map(([name, micros]) => [name, rounded(micros / 1e6)] as const);
  const parts = { ...outcome.parts, ...Object.fromEntries(seconds), 'percent of one elsewhere': elsewherePercent };
  return { ...outcome, parts };
}

const isRight = (one: ReconOutcome, day: BenchDay, digest: string): boolean =>
  one.found === day.injected.length && one.false === 0 && one.residual === '0' && one.digest === digest;

const words = ({ seconds, parts }: ReconOutcome): string =>
  `${rounded(seconds)} s: ${Object.entries(parts)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')}`;

const rounded = (value: number): number => Math.round(value * 100) / 100;

async function compareInSql({ tables, archive, statement }: ReconRun, told: (what: string) => void): Promise<number> {
  const started = performance.now();
  await tables.compare(archive.stream(statement), told);
  return (performance.now() - started) / 1_000;
}

/** As the day leaves it: the file as fetched, books sealed, and the facts in the tables of their sources. */
async function prepare(
  { rows, shuffled, engineOnly }: ReconBenchOptions,
  data: string,
  tables: ReconTables,
  url: string,
  screen: Screen,
): Promise<ReconRun> {
  const day = new BenchDay(rows);
  const archive = new DirectoryArchive(join(data, 'archive'));
  const folder = join(data, 'match');
  mkdirSync(folder, { recursive: true });
  const workers = Math.max(1, Math.min(4, cpus().length));
  const statement = await inStep(
    screen,
    'statement',
    () => archive.putStream(['statements', PROVIDER, 'statement.yd1'], later(day.statement(shuffled))),
    ({ bytes }) => `${rows} lines, ${Math.round(bytes / 2 ** 20)} MB${shuffled ? ', in no order' : ''}`,
  );
  await tables.create();
  await tables.sendMore();
  const books = await inStep(
    screen,
    'books and tables',
    () => Promise.all(SERVICES.map((service) => makeBook(day, service, folder, tables, engineOnly))),
    (made) => made.map(({ manifest }) => `${manifest.facts} facts of ${manifest.book.service}`).join(', '),
  );
  return {
    day,
    statement,
    archive,
    sealed: archive,
    books: books as [SealedBook, SealedBook],
    tables,
    url,
    folder,
    workers,
    name: 'sealed',
  };
}

async function makeBook(
  day: BenchDay,
  service: BookService,
  folder: string,
  tables: ReconTables,
  onlySpecial: boolean,
): Promise<SealedBook> {
  const pool = EnginePool.open({ count: 1, threads: true }, { folder, hashKey: HASH_KEY }, () => Promise.resolve([]));
  try {
    const book = { service, provider: PROVIDER, date: DAY, horizon: { 1: 1e15, 2: 1e15, 9: 1e15 } };
    const order = { folder, book, inputs: bookInputs(day, service), bits: bookBits(day) };
    const [sealed] = await Promise.all([
      sealBook(pool, { ...order, texts: day.facts(service) }),
      tables.loadFacts(service, later(onlySpecial ? day.specialFacts(service) : day.facts(service))),
    ]);
    return sealed;
  } finally {
    await pool.close();
  }
}

export const bookBits = ({ lines }: BenchDay): number =>
  Math.max(0, Math.min(12, Math.ceil(Math.log2(lines / 100_000))));

/** Between two pieces others have their turn. */
async function* later(pieces: Iterable<Buffer>): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield await new Promise<Buffer>((resolve) => setImmediate(resolve, piece));
}

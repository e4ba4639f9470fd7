import type { DirectoryArchive, Archived } from '@yidian/archive';
import { openDb, type Db } from '@yidian/database';
import { toDigits } from '@yidian/money';
import { BreaksStore } from '../../../apps/reconciliation/src/breaks/breaks.store';
import { FindingsStore } from '../../../apps/reconciliation/src/breaks/findings.store';
import { buildBridges } from '../../../apps/reconciliation/src/matching/bridge';
import type { CaseOptions } from '../../../apps/reconciliation/src/matching/case';
import { MatchEngine, type EngineResult } from '../../../apps/reconciliation/src/matching/engine/match-engine';
import { withPlain } from '../../../apps/reconciliation/src/matching/engine/plain-groups';
import type { SealedBook } from '../../../apps/reconciliation/src/matching/engine/seal-book';
import { paymentOf } from '../../../apps/reconciliation/src/matching/group';
import { contractFee, DAY, PROVIDER } from '../../../apps/reconciliation/src/matching/histories';
import { hashOf } from '../../../apps/reconciliation/src/matching/identity';
import { KeepMatched } from '../../../apps/reconciliation/src/matching/keep-matched';
import { matchDay, type DayMatch } from '../../../apps/reconciliation/src/matching/match-day';
import { MatchedStore } from '../../../apps/reconciliation/src/matching/matched.store';
import { RunsStore, type Run } from '../../../apps/reconciliation/src/matching/runs.store';
import type { BenchDay } from './bench-day';
import type { ReconTables } from './tables.store';

export const HASH_KEY = '9f2c1d7b6a5e48038d1f0c2b3a495867';

export interface ReconRun {
  day: BenchDay;
  statement: Archived;
  archive: DirectoryArchive;
  /** Where this run seals its lines: in another's archive they would only be compared with what that one sealed. */
  sealed: DirectoryArchive;
  books: [SealedBook, SealedBook];
  tables: ReconTables;
  /** Of the reconciliation's own schema. */
  url: string;
  folder: string;
  workers: number;
  /** Tells one run's rows from another's. */
  name: string;
}

export interface ReconOutcome {
  seconds: number;
  found: number;
  false: number;
  residual: string;
  digest: string;
  parts: Record<string, number>;
}

const OPTIONS: Omit<CaseOptions, 'date'> = {
  provider: PROVIDER,
  quote: ({ amount }) => contractFee(amount),
  feeTolerance: 1n,
  waits: {},
  allowsReturns: false,
};

/** One night's matching, from the archived file and sealed books to rows and sealed segments, with every commit durable. */
export async function runRecon(run: ReconRun): Promise<ReconOutcome> {
  const db = await openDb({ url: run.url, poolSize: 4 });
  const started = performance.now();
  const parts: Record<string, number> = {};
  let last = started;
  const mark = (name: string) => {
    const now = performance.now();
    parts[name] = Math.round(now - last) / 1_000;
    last = now;
  };
  try {
    const [engine] = await Promise.all([match(run), wholeStatement(run)]);
    mark('engine');
    const result = await judge(run, engine);
    mark('classifier');
    const residual = await store(run, db, engine, result);
    mark('store');
    return {
      seconds: (performance.now() - started) / 1_000,
      ...compare(run.day, result),
      residual,
      digest: result.digest,
      parts,
    };
  } finally {
    await db.close();
  }
}

async function match({ statement, archive, books, folder, workers }: ReconRun): Promise<EngineResult> {
  return new MatchEngine({
    provider: PROVIDER,
    date: DAY,
    folder,
    hashKey: HASH_KEY,
    statement: { path: await archive.local(statement), sha256: statement.sha256 },
    books,
    touched: { numbers: [], refs: [] },
    fees: (questions) => Promise.resolve(questions.map(({ amount }) => Number(contractFee(BigInt(amount))))),
    workers: { count: workers, threads: true },
  }).run();
}

/** That the file is the one that was fetched is known at its end. */
async function wholeStatement({ archive, statement }: ReconRun): Promise<void> {
  for await (const chunk of archive.stream(statement)) void chunk;
}

async function judge({ tables }: ReconRun, { lines, numbers, plain }: EngineResult): Promise<DayMatch> {
  const named = lines.flatMap((line) => paymentOf(line.ourRef) ?? []);
  const facts = await tables.factsOf([...new Set([...numbers, ...named])].sort());
  const input = { provider: PROVIDER, date: DAY, lines, facts, prior: [], carried: [] };
  return withPlain(matchDay(input, { ...OPTIONS, date: DAY }), plain);
}

async function store(run: ReconRun, db: Db, engine: EngineResult, result: DayMatch): Promise<string> {
  const { books, statement, folder, sealed, name } = run;
  const sum = (book: SealedBook, ...kinds: string[]) =>
    kinds.reduce((total, kind) => total + BigInt(book.manifest.sums[kind]?.amount ?? '0'), 0n);
  const [gateway, billing] = books;
  const totals = {
    paid: sum(gateway, 'paid'),
    returned: sum(gateway, 'refunded', 'reversed', 'returned'),
    credited: sum(billing, 'credited'),
  };
  const bridges = buildBridges(result.parts, engine.totals, totals);
  const residual = bridges.reduce((total, bridge) => total + absolute(BigInt(bridge.residual)), 0n);
  const day: Run = {
    runId: hashOf('bench', name),
    provider: PROVIDER,
    date: DAY,
    statementVersion: 1,
    inputs: {
      statementSha256: statement.sha256,
      gatewayVector: gateway.manifest.inputs,
      billingVector: billing.manifest.inputs,
    },
    digest: result.digest,
    counts: result.counts.map((line) => ({ ...line, amount: toDigits(line.amount) })),
    bridges,
    statement: {
      fileName: statement.path,
      sha256: statement.sha256,
      lines: engine.totals.lines,
      unreadable: engine.unreadable.length,
    },
    residual,
  };
  const runs = new RunsStore(db);
  await runs.addItems(day.runId, PROVIDER, DAY, result.items);
  const set = { runId: day.runId, provider: PROVIDER, date: DAY, statement };
  const register = await new KeepMatched(new MatchedStore(db), sealed).execute(set, engine.plain, folder);
  await db.transaction(async (tx) => {
    await runs.publish(tx, day);
    await register(tx);
    await new FindingsStore(new BreaksStore(db)).report(tx, day, result.findings, result.closes);
  });
  return String(residual);
}

const absolute = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/** Each difference that was written in must be found under its class and key, and nothing else. */
function compare(day: BenchDay, { findings }: DayMatch): { found: number; false: number } {
  const wanted = new Map<string, number>();
  const names = day.injected.map((one) => `${one.class} ${one.key}`);
  for (const name of names) wanted.set(name, (wanted.get(name) ?? 0) + 1);
  let found = 0;
  for (const finding of findings) {
    const name = `${finding.class} ${finding.key}`;
    const left = wanted.get(name) ?? 0;
    if (left > 0) found++;
    wanted.set(name, left - 1);
  }
  return { found, false: findings.length - found };
}

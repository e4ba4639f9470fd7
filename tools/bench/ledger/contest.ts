import type { Db } from '@yidian/database';
import { inStep, PlainError, type Screen } from '../../platform/progress';
import type { Session } from '../../platform/session';
import { forcedWrites, storedPostings, type Sums } from './checks.store';
import { runDoor } from './door';
import type { Measured } from './measure';
import type { LedgerBenchOptions } from './options';
import { runRaw } from './raw-sql';
import { runSave } from './typeorm-save';

export interface Field {
  url: string;
  db: Db;
  sums: Sums;
  serverPid: number;
  options: LedgerBenchOptions;
  screen: Screen;
  session: Session;
}

/** A line of the result: who, how, and what came of it. */
export interface Row extends Measured {
  contestant: 'door' | 'statements' | 'packets' | 'save';
  lanes: number;
  callers: number;
  hot: boolean;
  /** Times InnoDB forced a file while the run lasted: durability is real. */
  forcedWrites: number;
}

type Entry = Pick<Row, 'contestant' | 'lanes' | 'callers' | 'hot'>;

/** All runs, one after the other; after each, as many keys must be stored as were acknowledged, and every sum must hold. */
export async function contest(field: Field): Promise<Row[]> {
  const rows: Row[] = [];
  const enter = async (entry: Entry): Promise<void> => {
    const run = rows.length + 1;
    const row = await field.session.part(() =>
      inStep(field.screen, nameOf(entry), () => runEntry(field, entry, run), wordsOf),
    );
    rows.push(row);
  };
  for (const entry of doors(field.options)) await enter(entry);
  const door = best(rows, 'door');
  if (door) await enter({ ...entryOf(door), hot: true }); // beside the uniform run that it is compared with
  for (const entry of baselines(field.options)) await enter(entry);
  return rows;
}

/** Each contestant is taken at its own best. */
export function best(rows: readonly Row[], contestant: Row['contestant']): Row | undefined {
  return rows
    .filter((row) => row.contestant === contestant && !row.hot)
    .reduce<Row | undefined>((most, row) => (most && most.perSecond >= row.perSecond ? most : row), undefined);
}

const entryOf = ({ contestant, lanes, callers, hot }: Entry): Entry => ({ contestant, lanes, callers, hot });

export const nameOf = ({ contestant, lanes, callers, hot }: Entry): string =>
  [contestant === 'door' ? `door ${lanes}×${callers}` : `${contestant} ${callers}`, hot ? 'hot' : ''].join(' ').trim();

const wordsOf = (row: Row): string =>
  `${row.perSecond}/s  p50 ${row.p50Ms} p99 ${row.p99Ms} ms  CPU ${row.nodeUs} + ${row.serverUs} µs  sums hold`;

function doors({ callers, lanes, only }: LedgerBenchOptions): Entry[] {
  if (!only.includes('door')) return [];
  return lanes.flatMap((count) =>
    callers.map((many): Entry => ({ contestant: 'door', lanes: count, callers: many, hot: false })),
  );
}

function baselines({ pools, only }: LedgerBenchOptions): Entry[] {
  const pool = (contestant: Row['contestant'], hot = false, sizes = pools) =>
    sizes.map((size): Entry => ({ contestant, lanes: 0, callers: size, hot }));
  return [
    ...(only.includes('raw') ? [...pool('statements'), ...pool('packets'), ...pool('packets', true, [16])] : []),
    ...(only.includes('typeorm') ? pool('save') : []),
  ];
}

async function runEntry(field: Field, entry: Entry, run: number): Promise<Row> {
  const { url, db, serverPid, options } = field;
  const before = await forcedWrites(db);
  const common = { run, accounts: options.accounts, hot: entry.hot, url, serverPid, seconds: options.seconds };
  const measured = await carryOut(entry, common, db);
  const row = { ...entry, ...measured, forcedWrites: (await forcedWrites(db)) - before };
  await assertSums(field, run, row);
  return row;
}

type Common = Parameters<typeof runSave>[0] extends infer R ? Omit<R & object, 'pool'> : never;

function carryOut({ contestant, lanes, callers }: Entry, common: Common, db: Db): Promise<Measured> {
  switch (contestant) {
    case 'door':
      return runDoor({ ...common, db, lanes, callers });
    case 'save':
      return runSave({ ...common, pool: callers });
    case 'statements':
    case 'packets':
      return runRaw({ ...common, style: contestant, pool: callers });
  }
}

async function assertSums({ db, sums }: Field, run: number, row: Row): Promise<void> {
  const stored = await storedPostings(db, run);
  if (stored !== row.acknowledged)
    throw new PlainError(`${nameOf(row)}: ${row.acknowledged} were acknowledged, ${stored} are stored.`);
  if (row.forcedWrites === 0) throw new PlainError(`${nameOf(row)}: the server forced nothing to the disk.`);
  await sums.addRun(run);
  const { accounts, total } = await sums.off();
  if (accounts > 0 || total !== 0n)
    throw new PlainError(`${nameOf(row)}: ${accounts} balances are not their transfers, all balances sum to ${total}.`);
}

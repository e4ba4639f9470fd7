import type { Row } from '@yidian/database';
import type { LaneBody, Statement } from './lane-body';
import { matched, rowsOf } from './lane-connection';
import { verdictAtCommit, verdictBeforeCommit, type Verdict } from './lane-errors';
import { readDays, type LaneSession } from './lane-session';
import { OpenTransaction, type Advance, type PendingWrite } from './open-transaction';

/**
 * One transaction of a lane in three packets: begin and read · write, the guarded move of the lane last · COMMIT alone.
 * COMMIT never rides with the guard: a packet delivered late must not be able to commit what the oracle declared undone.
 */
export class LaneFailure<R> extends Error {
  override readonly name = 'LaneFailure';
  constructor(
    readonly verdict: Verdict | 'fenced',
    /** Keys of the batch that were found stored. */
    readonly stored: number,
    cause: unknown,
    /** Set when COMMIT was sent: what the batch number becomes if it went through, and the answers it then has. */
    readonly sent?: { batchNo: bigint; answers: readonly R[] },
  ) {
    super(`lane transaction: ${verdict}`, { cause });
  }
}

interface StateRow extends Row {
  epoch: bigint;
  clock: Date;
  anchor_n: bigint | null;
}

const START: Statement = { sql: 'START TRANSACTION' };
const STATE: Statement = {
  sql: 'SELECT epoch, NOW(3) AS clock, (SELECT MAX(n) FROM anchor) AS anchor_n FROM day_epoch WHERE id = 1',
};
const COMMIT: Statement = { sql: 'COMMIT' };

export async function runBatch<I, R>(
  session: LaneSession,
  body: LaneBody<I, R>,
  items: readonly I[],
): Promise<readonly R[]> {
  let tx: OpenTransaction | undefined;
  let answers: readonly R[];
  let advance: Advance | undefined;
  try {
    const { reads, now } = await begin(session, body.reads?.(items) ?? []);
    tx = new OpenTransaction(session, now);
    answers = await body.apply(tx, items, reads);
    const sealed = tx.seal();
    advance = sealed.advance;
    if (!(await writeAll(session, sealed.writes))) throw new LaneFailure('fenced', tx.stored, undefined);
  } catch (error) {
    tx?.end();
    throw await undo<R>(session, error, tx?.stored ?? 0);
  }
  await commit(session, advance, answers, tx.stored);
  return answers;
}

/** Idle lanes acknowledge the epoch by this; the map is read with it in one statement. */
export async function beat(session: LaneSession): Promise<void> {
  try {
    await session.connection.packet([START]);
    session.days = await readDays(session.connection);
    const { writes } = new OpenTransaction(session, new Date(0)).seal();
    if (!(await writeAll(session, writes))) throw new LaneFailure('fenced', 0, undefined);
  } catch (error) {
    throw await undo(session, error, 0);
  }
  await commit(session, undefined, [], 0);
}

/** Accounts and keys (the body's reads) come first, the epoch last: the younger it is, the sooner a cut is acknowledged. */
async function begin(session: LaneSession, reads: readonly Statement[]): Promise<{ reads: Row[][]; now: Date }> {
  const [, ...results] = await session.connection.packet([START, ...reads, STATE]);
  const state = rowsOf<StateRow>(results.pop())[0];
  if (!state) throw new Error('day_epoch has no row');
  if (state.epoch !== session.days.epoch) session.days = await readDays(session.connection);
  if (state.anchor_n !== null && state.anchor_n !== session.anchor.n)
    session.anchor = await readAnchor(session, state.anchor_n);
  return { reads: results.map((result) => rowsOf(result)), now: state.clock };
}

async function readAnchor(session: LaneSession, n: bigint): Promise<LaneSession['anchor']> {
  const [row] = await session.connection.select<{ hash: Buffer }>('SELECT hash FROM anchor WHERE n = ?', [n]);
  if (!row) throw new Error(`anchor ${n} is not there`);
  return { n, hash: row.hash };
}

/** @returns whether the guard matched */
async function writeAll(session: LaneSession, writes: readonly PendingWrite[]): Promise<boolean> {
  const results = await session.connection.packet(writes.map((write) => write.statement));
  const guard = matched(results.at(-1));
  if (guard === 0) return false;
  writes.forEach((write, index) => {
    const count = matched(results[index]);
    if (write.expect === undefined || count === write.expect) return;
    const mismatch = new Error(`${write.statement.sql.slice(0, 60)}… matched ${count} rows, expected ${write.expect}`);
    throw write.orAgain ? new LaneFailure('again', 0, mismatch) : mismatch;
  });
  return true;
}

async function commit<R>(
  session: LaneSession,
  advance: Advance | undefined,
  answers: readonly R[],
  stored: number,
): Promise<void> {
  try {
    await session.connection.packet([COMMIT]);
  } catch (error) {
    if (verdictAtCommit(error) === 'again') throw await undo(session, error, stored);
    throw new LaneFailure('lost', stored, error, advance && { batchNo: advance.batchNo, answers });
  }
  if (advance) Object.assign(session, advance);
}

/** ROLLBACK is always sent: a lock time-out ends only its statement. If even that fails, only the oracle knows. */
async function undo<R>(session: LaneSession, error: unknown, stored: number): Promise<LaneFailure<R>> {
  const verdict = error instanceof LaneFailure ? (error as LaneFailure<R>).verdict : verdictBeforeCommit(error);
  if (verdict === 'lost') return new LaneFailure<R>('lost', stored, error);
  try {
    await session.connection.packet([{ sql: 'ROLLBACK' }]);
  } catch (failed) {
    return new LaneFailure<R>('lost', stored, failed);
  }
  return new LaneFailure<R>(verdict, stored, error);
}

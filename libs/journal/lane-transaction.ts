import type { Row } from '@yidian/database';
import type { LaneBody, Statement } from './lane-body';
import { matched, rowsOf, type Answer } from './lane-connection';
import { verdictAtCommit, verdictBeforeCommit, type Verdict } from './lane-errors';
import { readDays, type LaneSession, type Seen } from './lane-session';
import { OpenTransaction, UnknownProvider, type Advance, type PendingWrite } from './open-transaction';

/**
 * One transaction of a lane in three packets: begin and read · write, the guarded move of the lane last · COMMIT alone. A
 * batch that reads nothing begins with its writes: a lane's session commits by nothing but COMMIT. COMMIT never rides with the guard: a packet delivered late must not be able
 * to commit what the oracle declared undone.
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

const STATE: Statement = {
  sql: 'SELECT epoch, NOW(3) AS clock, (SELECT MAX(n) FROM anchor) AS anchor_n FROM day_epoch WHERE id = 1',
};
const START: Statement = { sql: 'START TRANSACTION' };
const COMMIT: Statement = { sql: 'COMMIT' };

export async function runBatch<I, R>(
  session: LaneSession,
  body: LaneBody<I, R>,
  items: readonly I[],
): Promise<readonly R[]> {
  let tx: OpenTransaction | undefined;
  let answers: readonly R[];
  let advance: Advance | undefined;
  const wanted = body.reads?.(items) ?? [];
  const known = wanted.length === 0 ? standingTime(session) : undefined;
  try {
    const { reads, now } = known ? { reads: [], now: known } : await begin(session, wanted);
    tx = new OpenTransaction(session, now);
    answers = await body.apply(tx, items, reads);
    const sealed = tx.seal();
    advance = sealed.advance;
    if (!(await writeAll(session, sealed.writes))) throw new LaneFailure('fenced', tx.stored, undefined);
  } catch (error) {
    tx?.end();
    throw await undo<R>(session, known ? lookAgain(session, error) : error, tx?.stored ?? 0);
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
  const { epoch, anchorN, clock } = see(session, results.pop());
  if (epoch !== session.days.epoch) session.days = await readDays(session.connection);
  if (anchorN !== null && anchorN !== session.anchor.n) session.anchor = await readAnchor(session, anchorN);
  return { reads: results.map((result) => rowsOf(result)), now: clock };
}

function see(session: LaneSession, answer: Answer | undefined): Seen {
  const state = rowsOf<StateRow>(answer)[0];
  if (!state) throw new Error('day_epoch has no row');
  const { epoch, clock, anchor_n: anchorN } = state;
  return (session.seen = { epoch, clock, anchorN, at: performance.now() });
}

/**
 * The database's time for a batch that goes on from what the last one saw; undefined when it must look for itself: nothing
 * was seen lately, or an epoch or an anchor came since. A map older than the epoch is safe: the cut waits for this lane's word.
 */
function standingTime({ seen, days, anchor }: LaneSession): Date | undefined {
  if (!seen || seen.epoch !== days.epoch) return undefined;
  if (seen.anchorN !== null && seen.anchorN !== anchor.n) return undefined;
  const since = performance.now() - seen.at;
  return since < SEEN_MS ? new Date(seen.clock.getTime() + since) : undefined;
}

/** A provider that has come since the map was read is no fault of the item: the batch is run again and looks for itself. */
function lookAgain(session: LaneSession, error: unknown): unknown {
  if (!(error instanceof UnknownProvider)) return error;
  session.seen = undefined;
  return new LaneFailure('again', 0, error);
}

/** Longer than any batch of a busy lane. */
const SEEN_MS = 1_000;

async function readAnchor(session: LaneSession, n: bigint): Promise<LaneSession['anchor']> {
  const [row] = await session.connection.select<{ hash: Buffer }>('SELECT hash FROM anchor WHERE n = ?', [n]);
  if (!row) throw new Error(`anchor ${n} is not there`);
  return { n, hash: row.hash };
}

/** @returns whether the guard matched */
async function writeAll(session: LaneSession, writes: readonly PendingWrite[]): Promise<boolean> {
  const { connection } = session;
  await connection.prepareNew();
  const results = await connection.packet([...writes.map((write) => write.statement), STATE]);
  see(session, results.pop());
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

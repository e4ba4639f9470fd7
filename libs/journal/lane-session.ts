import type { Row } from '@yidian/database';
import { ZERO_HASH } from './chain';
import { LaneConnection, rowsOf, type LaneConnectionOptions } from './lane-connection';
import type { Statement } from './lane-body';

/**
 * One incarnation of a lane: opened, moved on by one writer, closed; never taken over. What is held here is what the last
 * commit wrote, so the lane's row is never read, only compared.
 */
export interface LaneSession {
  readonly connection: LaneConnection;
  readonly laneId: number;
  readonly slot: number;
  seq: bigint;
  batchNo: bigint;
  head: Buffer;
  /** The epoch and the map that were read together, in one statement. */
  days: DayMap;
  anchor: { n: bigint; hash: Buffer };
  /** What the last transaction saw; the next may go on from it without asking again. */
  seen?: Seen;
}

/** The shared row and the database's clock at one moment. */
export interface Seen {
  epoch: bigint;
  anchorN: bigint | null;
  clock: Date;
  /** The same moment on the monotonic clock of this process. */
  at: number;
}

export interface DayMap {
  epoch: bigint;
  openDates: ReadonlyMap<string, string>;
}

/** In two statements it could be torn: the new epoch with the old dates, and later facts would carry a closed date. */
export const READ_DAYS: Statement = {
  sql: `SELECT e.epoch, b.provider, b.open_date FROM day_epoch e LEFT JOIN book_day b ON 1 = 1 WHERE e.id = 1`,
};

interface DayRow extends Row {
  epoch: bigint;
  provider: string | null;
  open_date: string | null;
}

export function dayMap(rows: DayRow[]): DayMap {
  const first = rows[0];
  if (!first) throw new Error('day_epoch has no row');
  const openDates = new Map<string, string>();
  for (const row of rows)
    if (row.provider !== null && row.open_date !== null) openDates.set(row.provider, row.open_date);
  return { epoch: first.epoch, openDates };
}

export async function readDays(connection: LaneConnection): Promise<DayMap> {
  const [answer] = await connection.packet([READ_DAYS]);
  return dayMap(rowsOf<DayRow>(answer));
}

/**
 * Opens a new lane. The row lock on day_epoch orders it against every cut: what opens after a cut starts at its epoch.
 * After any error or lost answer the connection is dropped; an orphan is fenced by the next cut.
 */
export async function openLane(
  options: LaneConnectionOptions,
  service: string,
  instance: string,
): Promise<LaneSession> {
  const connection = await LaneConnection.open(options);
  try {
    await connection.packet([{ sql: 'START TRANSACTION' }]);
    await connection.run('UPDATE day_epoch SET lanes_opened = lanes_opened + 1 WHERE id = 1');
    const [day] = await connection.select<{ epoch: bigint; lanes_opened: number }>(
      'SELECT epoch, lanes_opened FROM day_epoch WHERE id = 1',
    );
    if (!day) throw new Error('day_epoch has no row');
    const taken = await connection.select<{ slot: number }>("SELECT slot FROM lane WHERE state = 'open'");
    const slot = lowestFree(new Set(taken.map((row) => row.slot)));
    await connection.run(
      `INSERT INTO lane (lane_id, service, instance, slot, state, seq, batch_no, head, day_epoch, beat, beat_at, opened_at)
       VALUES (?, ?, ?, ?, 'open', 0, 0, ?, ?, 0, NOW(3), NOW(3))`,
      [day.lanes_opened, service, instance, slot, ZERO_HASH, day.epoch],
    );
    await connection.packet([{ sql: 'COMMIT' }]);
    await assertFoundRows(connection, day.lanes_opened);
    const days = await readDays(connection);
    await connection.commitOnlyByCommit();
    const start = { seq: 0n, batchNo: 0n, head: ZERO_HASH, anchor: { n: 0n, hash: ZERO_HASH } };
    return { connection, laneId: day.lanes_opened, slot, days, ...start };
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** A CAS that writes the same value must count as matched, or the lane would think itself fenced. */
async function assertFoundRows(connection: LaneConnection, laneId: number): Promise<void> {
  if ((await connection.run('UPDATE lane SET slot = slot WHERE lane_id = ?', [laneId])) !== 1)
    throw new Error('lane connection: FOUND_ROWS is off');
}

function lowestFree(taken: ReadonlySet<number>): number {
  let slot = 0;
  while (taken.has(slot)) slot++;
  return slot;
}

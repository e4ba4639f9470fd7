import type { Db } from '@yidian/database';
import { lanesAt, type Pace } from '@yidian/journal';
import type { TransferRow } from './ledger.store';
import type { Snapshot, SnapshotClaim } from './snapshots.store';
import { Drawers } from './verify-sums';
import { eachSnapshotBalance } from './verify-walk';

/** Compares the balances of a snapshot with the transfers up to its anchor, counted from an earlier one or from nothing. */
export class SnapshotProof {
  private constructor(
    private readonly drawers: Drawers,
    private readonly lanes: ReadonlyMap<number, bigint>,
    /** What lies there: kept with the snapshot when it is taken, compared with what was kept later. */
    readonly read: { rows: bigint; hash: Buffer },
  ) {}

  static async of(
    db: Db,
    { day, anchorN }: SnapshotClaim,
    earlier: Snapshot | undefined,
    pace: Pace,
  ): Promise<SnapshotProof> {
    const drawers = new Drawers();
    const read = await eachSnapshotBalance(db, day, (one) => drawers.holds(one.id, one.currency, one.balance), pace);
    if (earlier)
      await eachSnapshotBalance(db, earlier.day, (one) => drawers.says(one.id, one.currency, one.balance), pace);
    const lanes = (await lanesAt(db, anchorN)).map((lane) => [lane.laneId, lane.batchNo] as const);
    return new SnapshotProof(drawers, new Map(lanes), read);
  }

  readonly add = (row: TransferRow): void => {
    if (row.batch_no > (this.lanes.get(row.lane_id) ?? 0n)) return;
    this.drawers.says(row.debit, row.currency, -row.amount);
    this.drawers.says(row.credit, row.currency, row.amount);
  };

  /** After every transfer was added. */
  holds(): boolean {
    return this.drawers.wrong().length === 0;
  }

  keeps({ rows, hash }: Snapshot): boolean {
    return this.read.rows === rows && this.read.hash.equals(hash);
  }
}

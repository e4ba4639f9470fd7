import type { Db } from '@yidian/database';
import type { Pace } from '@yidian/journal';
import type { TransferRow } from './ledger.store';
import { readBalances, type Horizon } from './verify-horizon';
import type { Basis } from './verify-basis';
import type { Sums } from './verify-sums';
import { eachSnapshotBalance } from './verify-walk';

/** Balances and transfers of one moment, brought together in some sums. */
export class Look {
  private constructor(
    private readonly sums: Sums,
    readonly horizon: Horizon,
    /** Balances per currency, brought forward to the end of the walk as transfers are added. */
    readonly totals: Map<string, bigint>,
    /** The rows of the snapshot it begins with are those that were taken. */
    readonly snapshotIntact: boolean,
  ) {}

  static async at(db: Db, { snapshot }: Basis, sums: Sums, pace: Pace): Promise<Look> {
    const totals = new Map<string, bigint>();
    const horizon = await readBalances(
      db,
      ({ id, currency, balance }) => {
        sums.holds(id, currency, balance);
        totals.set(currency, (totals.get(currency) ?? 0n) + balance);
      },
      pace,
    );
    if (!snapshot) return new Look(sums, horizon, totals, true);
    const read = await eachSnapshotBalance(
      db,
      snapshot.day,
      (held) => sums.says(held.id, held.currency, held.balance),
      pace,
    );
    return new Look(sums, horizon, totals, read.rows === snapshot.rows && read.hash.equals(snapshot.hash));
  }

  /** A transfer that came after the balance of one of its ends was read counts for the totals only. */
  readonly add = (row: TransferRow): void => {
    this.leg(row, row.debit, -row.amount);
    this.leg(row, row.credit, row.amount);
  };

  private leg({ lane_id, batch_no, currency }: TransferRow, account: string, effect: bigint): void {
    if (this.horizon.has(lane_id, batch_no, account)) this.sums.says(account, currency, effect);
    else this.totals.set(currency, (this.totals.get(currency) ?? 0n) + effect);
  }
}

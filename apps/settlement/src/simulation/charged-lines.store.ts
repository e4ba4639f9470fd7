import { Inject, Injectable } from '@nestjs/common';
import type { Db, Row } from '@yidian/database';
import type { FeeSchedule } from '../fees/fee-schedules';
import { DB } from '../resources/tokens';
import type { ChargedLines } from './simulate';

interface LineRow extends Row {
  day: string;
  branch: string;
  amount: bigint;
  face: bigint;
  n: bigint;
  fee: bigint;
}

/** People pay few different amounts: lines that are alike come as one row. */
@Injectable()
export class ChargedLinesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** What a schedule would have priced between two dates, whatever priced it then. */
  async of(schedule: FeeSchedule, from: string, to: string): Promise<ChargedLines[]> {
    const scope = (['channel', 'product', 'branch'] as const).filter((name) => schedule[name] !== '*');
    const rows = await this.db.select<LineRow>(
      `SELECT b.day, i.branch, i.amount, i.face, COUNT(*) AS n, CAST(SUM(i.fee) AS SIGNED) AS fee
       FROM settlement_batch b JOIN settled_item i ON i.batch_id = b.batch_id
       WHERE b.state = 'settled' AND b.kind = 'settle' AND b.provider = ? AND b.day BETWEEN ? AND ? AND i.place = 'due'
       ${scope.map((name) => `AND i.${name} = ?`).join(' ')}
       GROUP BY b.day, i.branch, i.amount, i.face ORDER BY b.day, i.branch, i.amount, i.face`,
      [schedule.provider, from, to, ...scope.map((name) => schedule[name])],
    );
    return rows.map(({ n, ...row }) => ({ ...row, count: Number(n) }));
  }
}

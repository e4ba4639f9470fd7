import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../resources/tokens';

interface CursorRow extends Row {
  lane: number;
  batch_no: bigint;
}

@Injectable()
export class PromotionCursorsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async all(): Promise<{ lane: number; batchNo: bigint }[]> {
    const rows = await this.db.select<CursorRow>('SELECT lane, batch_no FROM promotion_cursor ORDER BY lane');
    return rows.map((row) => ({ lane: row.lane, batchNo: row.batch_no }));
  }

  /** @returns false when somebody else has taken the stretch */
  async move(tx: Queryable, lane: number, from: bigint, to: bigint): Promise<boolean> {
    await tx.run('INSERT INTO promotion_cursor (lane, batch_no) VALUES (?, 0) ON DUPLICATE KEY UPDATE lane = lane', [
      lane,
    ]);
    const moved = await tx.run('UPDATE promotion_cursor SET batch_no = ? WHERE lane = ? AND batch_no = ?', [
      ...[to, lane, from],
    ]);
    return moved === 1;
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Db, Row } from '@yidian/database';
import { DB } from '../resources/db';

export interface PromotionTransfer extends Row {
  debit: string;
  credit: string;
  amount: bigint;
  kind: 'discount_hq' | 'bonus_hq';
  refers_to: string;
  at: Date;
}

/** Transfers that say by their kind that headquarters bears them. */
@Injectable()
export class PromotionsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** How far each lane has come. */
  async lanes(): Promise<{ laneId: number; batchNo: bigint }[]> {
    const rows = await this.db.select<{ lane_id: number; batch_no: bigint }>(
      'SELECT lane_id, batch_no FROM lane WHERE batch_no > 0 ORDER BY lane_id',
    );
    return rows.map((row) => ({ laneId: row.lane_id, batchNo: row.batch_no }));
  }

  transfers(laneId: number, after: bigint, to: bigint): Promise<PromotionTransfer[]> {
    return this.db.select<PromotionTransfer>(
      `SELECT debit, credit, amount, kind, refers_to, at FROM transfer FORCE INDEX (PRIMARY)
        WHERE lane_id = ? AND batch_no > ? AND batch_no <= ? AND kind IN ('discount_hq', 'bonus_hq')
          AND currency = 'CNY'`,
      [laneId, after, to],
    );
  }
}

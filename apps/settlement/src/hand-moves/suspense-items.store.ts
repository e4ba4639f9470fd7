import { Inject, Injectable } from '@nestjs/common';
import type { suspenseList, SuspenseItem } from '@yidian/contracts';
import type { Db, Row } from '@yidian/database';
import { toDigits } from '@yidian/money';
import type { z } from 'zod';
import { DB } from '../resources/tokens';

interface ItemRow extends Row {
  item_id: string;
  day: string;
  open: bigint;
  kind: string | null;
  payment_no: string | null;
  ref_no: string | null;
  provider_txn_id: string | null;
}

/** The list of what waits (M3), with what the standing batch of the day says of each line. */
@Injectable()
export class SuspenseItemsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async list({
    provider,
    after,
    limit,
  }: z.output<typeof suspenseList>): Promise<{ items: SuspenseItem[]; more: boolean }> {
    const rows = await this.db.select<ItemRow>(
      `SELECT s.item_id, s.day, s.open, i.kind, i.payment_no, i.ref_no, i.provider_txn_id FROM suspense_item s
       LEFT JOIN provider_day d ON d.provider = s.provider AND d.day = s.day
       LEFT JOIN settled_item i ON i.batch_id = d.batch_id AND i.item_id = s.item_id
       WHERE s.provider = ? AND s.open <> 0 AND (? = '' OR s.day > ? OR (s.day = ? AND s.item_id > ?))
       ORDER BY s.day, s.item_id LIMIT ?`,
      [provider, ...Array<string>(3).fill(after?.date ?? ''), after?.itemId ?? '', limit + 1],
    );
    return { items: rows.slice(0, limit).map(view), more: rows.length > limit };
  }
}

const view = (row: ItemRow): SuspenseItem => ({
  ...{ itemId: row.item_id, date: row.day, open: toDigits(row.open), kind: row.kind ?? '' },
  ...{ paymentNo: row.payment_no ?? '', refNo: row.ref_no ?? '', providerTxnId: row.provider_txn_id ?? '' },
});

import { Inject, Injectable } from '@nestjs/common';
import type { suspenseOffset } from '@yidian/contracts';
import type { Db, Row } from '@yidian/database';
import { Problem } from '@yidian/errors';
import type { z } from 'zod';
import { DB } from '../resources/tokens';

interface OpenRow extends Row {
  item_id: string;
  provider: string;
  open: bigint;
}

/**
 * Rows 6c and 12: a return and the dispute that was won, a fee kept too much and the claim that was paid. They lie in one
 * suspense account and cancel, so the ledger does not move; the list of open items is closed for both.
 */
@Injectable()
export class OffsetItems {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** @throws Problem not_found, state_conflict when they do not cancel; done already is a replay */
  execute({ provider, itemIds }: z.output<typeof suspenseOffset>): Promise<{ replay: boolean }> {
    const ids = [...new Set(itemIds)].sort();
    return this.db.transaction(async (tx) => {
      const rows = await tx.select<OpenRow>(
        'SELECT item_id, provider, open FROM suspense_item WHERE item_id IN (?) ORDER BY item_id FOR UPDATE',
        [ids],
      );
      if (rows.length !== ids.length || rows.some((row) => row.provider !== provider)) throw new Problem('not_found');
      if (rows.every(({ open }) => open === 0n)) return { replay: true };
      if (rows.reduce((sum, { open }) => sum + open, 0n) !== 0n || rows.some(({ open }) => open === 0n))
        throw new Problem('state_conflict', { detail: 'the items do not cancel each other' });
      const moving = await tx.select(
        `SELECT l.batch_id FROM batch_leg l JOIN settlement_batch b ON b.batch_id = l.batch_id
         WHERE b.state IN ('posting', 'reversing') AND l.refers_to IN (?) LIMIT 1`,
        [ids],
      );
      if (moving.length > 0) throw new Problem('busy', { detail: 'one of them is being posted' });
      await tx.run('UPDATE suspense_item SET open = 0, updated_at = ? WHERE item_id IN (?)', [new Date(), ids]);
      await tx.run(
        `UPDATE settled_item i JOIN settlement_batch b ON b.batch_id = i.batch_id AND b.state = 'settled'
         SET i.place = 'reversed' WHERE i.item_id IN (?) AND i.place = 'suspense'`,
        [ids],
      );
      return { replay: false };
    });
  }
}

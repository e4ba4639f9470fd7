import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../resources/tokens';
import type { Resolution } from './resolution';

interface ResolutionRow extends Row {
  k: string;
  input_hash: string;
  state: Resolution['state'];
  reason: string;
  batch_id: string;
  item_id: string;
  provider: string;
  day: string;
  action: Resolution['action'];
  payment_no: string;
  branch: string;
  acquiring_branch: string;
  channel: string;
  partner: string;
  amount: bigint;
  actor: string;
}

@Injectable()
export class ResolutionsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async find(tx: Queryable, key: string): Promise<Resolution | null> {
    const rows = await tx.select<ResolutionRow>('SELECT * FROM resolution WHERE k = ?', [key]);
    return rows[0] ? fromRow(rows[0]) : null;
  }

  async add(tx: Queryable, resolution: Resolution): Promise<void> {
    const r = resolution;
    await tx.run(
      `INSERT INTO resolution (k, input_hash, state, reason, batch_id, item_id, provider, day, action, payment_no, branch,
        acquiring_branch, channel, partner, amount, actor, at) VALUES ?`,
      [
        [
          [
            ...[r.key, r.inputHash, r.state, r.reason, r.batchId, r.itemId, r.provider, r.day, r.action, r.paymentNo],
            ...[r.branch, r.acquiringBranch, r.channel, r.partner, r.amount, r.actor, new Date()],
          ],
        ],
      ],
    );
  }

  /** What has to be carried out together with a provider-day. */
  async waiting(provider: string, day: string): Promise<Resolution[]> {
    const rows = await this.db.select<ResolutionRow>(
      `SELECT * FROM resolution WHERE provider = ? AND day = ? AND state = 'waiting' ORDER BY k`,
      [provider, day],
    );
    return rows.map(fromRow);
  }

  /** Carried out by this batch. */
  async ofBatch(batchId: string): Promise<Resolution[]> {
    const rows = await this.db.select<ResolutionRow>(
      "SELECT * FROM resolution WHERE batch_id = ? AND state = 'applied' ORDER BY k",
      [batchId],
    );
    return rows.map(fromRow);
  }

  async settle(tx: Queryable, key: string, state: 'applied' | 'rejected', batchId: string, reason = ''): Promise<void> {
    await tx.run(`UPDATE resolution SET state = ?, batch_id = ?, reason = ? WHERE k = ? AND state = 'waiting'`, [
      ...[state, batchId, reason, key],
    ]);
  }

  /** The batch that carried them out was undone: they wait for the next one of their day. */
  async release(tx: Queryable, batchId: string): Promise<void> {
    await tx.run(`UPDATE resolution SET state = 'waiting', batch_id = '', reason = '' WHERE batch_id = ?`, [batchId]);
  }
}

const fromRow = (row: ResolutionRow): Resolution => ({
  key: row.k,
  inputHash: row.input_hash,
  state: row.state,
  reason: row.reason,
  batchId: row.batch_id,
  itemId: row.item_id,
  provider: row.provider,
  day: row.day,
  action: row.action,
  paymentNo: row.payment_no,
  branch: row.branch,
  acquiringBranch: row.acquiring_branch,
  channel: row.channel,
  partner: row.partner,
  amount: row.amount,
  actor: row.actor,
});

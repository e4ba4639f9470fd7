import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../resources/tokens';
import { printEarned, readEarned, unclaw } from './earned';
import type { Place, SettledItem } from './settled-item';

const COLUMNS = [
  ...['batch_id', 'item_id', 'kind', 'class', 'matched', 'place', 'payment_no', 'ref_no', 'provider_txn_id', 'branch'],
  ...['acquiring_branch', 'channel', 'partner', 'amount', 'statement_fee', 'fee', 'commission', 'earner'],
  ...['schedule_id', 'plan_id', 'origin', 'refunded', 'fee_returned', 'clawed', 'face', 'product', 'fee_ppm', 'earned'],
  'sealed',
] as const;
const UPSERT = COLUMNS.slice(2)
  .map((column) => `${column} = VALUES(${column})`)
  .join(', ');
const LOOK_UP = 500;
const SELECTED = COLUMNS.map((column) => `i.${column}`).join(', ');

interface ItemRow extends Row {
  batch_id: string;
  item_id: string;
  kind: SettledItem['kind'];
  class: SettledItem['class'];
  matched: number;
  place: Place;
  payment_no: string;
  ref_no: string;
  provider_txn_id: string;
  branch: string;
  acquiring_branch: string;
  channel: string;
  partner: string;
  amount: bigint;
  statement_fee: bigint;
  fee: bigint;
  commission: bigint;
  earner: string;
  schedule_id: string;
  plan_id: string;
  origin: string;
  refunded: bigint;
  fee_returned: bigint;
  clawed: bigint;
  face: bigint;
  product: string;
  fee_ppm: bigint;
  earned: string;
  sealed: number;
}

/** Statement lines as settled. A line's row of a batch that was undone or thrown away counts for nothing. */
@Injectable()
export class ItemsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async put(tx: Queryable, items: readonly SettledItem[]): Promise<void> {
    if (items.length === 0) return;
    await tx.run(`INSERT INTO settled_item (${COLUMNS.join(', ')}) VALUES ? ON DUPLICATE KEY UPDATE ${UPSERT}`, [
      items.map(toRow),
    ]);
  }

  /** Payment lines of these payments that stand: in a batch that binds, or in the one being planned. */
  async paymentsOf(paymentNos: readonly string[], planning: string): Promise<SettledItem[]> {
    if (paymentNos.length === 0) return [];
    const rows = await this.db.select<ItemRow>(
      `SELECT ${SELECTED} FROM settled_item i JOIN settlement_batch b ON b.batch_id = i.batch_id
       WHERE i.payment_no IN (?) AND i.kind = 'payment' AND (b.state IN ('posting', 'settled') OR b.batch_id = ?)
       ORDER BY i.item_id`,
      [paymentNos, planning],
    );
    return rows.map(fromRow);
  }

  async inBatch(batchId: string, itemIds: readonly string[], queryable: Queryable = this.db): Promise<SettledItem[]> {
    if (itemIds.length === 0) return [];
    const rows = await queryable.select<ItemRow>(
      `SELECT ${SELECTED} FROM settled_item i FORCE INDEX (PRIMARY) WHERE i.batch_id = ? AND i.item_id IN (?)`,
      [batchId, itemIds],
    );
    return rows.map(fromRow);
  }

  /** Is this line of a provider-day, as the day stands, a payment with a row? */
  async isPayment(provider: string, day: string, itemId: string): Promise<boolean> {
    const rows = await this.db.select<{ kind: string }>(
      `SELECT i.kind FROM provider_day d JOIN settled_item i ON i.batch_id = d.batch_id AND i.item_id = ?
       WHERE d.provider = ? AND d.day = ? AND i.kind = 'payment'`,
      [itemId, provider, day],
    );
    return rows.length > 0;
  }

  /** Which of these payments have a row that is with its branch, in a batch that binds or in the one being planned. */
  async settledPayments(paymentNos: readonly string[], planning: string): Promise<string[]> {
    const found: string[] = [];
    for (let at = 0; at < paymentNos.length; at += LOOK_UP) {
      const rows = await this.db.select<{ payment_no: string }>(
        `SELECT i.payment_no FROM settled_item i JOIN settlement_batch b ON b.batch_id = i.batch_id
         WHERE i.payment_no IN (?) AND i.kind = 'payment' AND i.place = 'due'
           AND (b.state IN ('posting', 'settled') OR b.batch_id = ?)`,
        [paymentNos.slice(at, at + LOOK_UP), planning],
      );
      found.push(...rows.map((row) => row.payment_no));
    }
    return found;
  }

  /** Rows of a batch that were opened, in the order of their ids. */
  async opened(batchId: string, after: string, limit: number): Promise<SettledItem[]> {
    const rows = await this.db.select<ItemRow>(
      `SELECT ${SELECTED} FROM settled_item i FORCE INDEX (PRIMARY)
       WHERE i.batch_id = ? AND i.item_id > ? AND i.sealed = 1 ORDER BY i.item_id LIMIT ?`,
      [batchId, after, limit],
    );
    return rows.map(fromRow);
  }

  /** Payments of a batch whose lines were opened; `taken_out`: whose money its plan then put elsewhere. */
  async openedNumbers(batchId: string, which: 'all' | 'taken_out' = 'all'): Promise<string[]> {
    const rows = await this.db.select<{ payment_no: string }>(
      `SELECT payment_no FROM settled_item WHERE batch_id = ? AND sealed = 1 AND (? = 'all' OR place <> 'due')`,
      [batchId, which],
    );
    return rows.map((row) => row.payment_no);
  }

  /** Payments of a batch from which refunds of other days have taken something. */
  async touchedNumbers(batchId: string): Promise<string[]> {
    const rows = await this.db.select<{ payment_no: string }>(
      `SELECT payment_no FROM settled_item WHERE batch_id = ? AND kind = 'payment' AND payment_no <> ''
         AND (refunded <> 0 OR fee_returned <> 0 OR clawed <> 0 OR place = 'returned')`,
      [batchId],
    );
    return rows.map((row) => row.payment_no);
  }

  /** Lines whose money is with their branch, in the order of their ids; opened ones are told of with the sealed. */
  async due(batchId: string, after: string, limit: number): Promise<SettledItem[]> {
    const rows = await this.db.select<ItemRow>(
      `SELECT ${SELECTED} FROM settled_item i FORCE INDEX (PRIMARY)
       WHERE i.batch_id = ? AND i.item_id > ? AND i.place = 'due' AND i.sealed = 0 ORDER BY i.item_id LIMIT ?`,
      [batchId, after, limit],
    );
    return rows.map(fromRow);
  }

  /** Held until the transaction ends. */
  async lock(tx: Queryable, batchId: string, itemId: string): Promise<SettledItem | null> {
    const rows = await tx.select<ItemRow>(
      `SELECT ${SELECTED} FROM settled_item i WHERE i.batch_id = ? AND i.item_id = ? FOR UPDATE`,
      [batchId, itemId],
    );
    return rows[0] ? fromRow(rows[0]) : null;
  }

  /** Gives back to the payments, its own too, what the refund lines of an undone batch had taken of them. */
  async undoRefunds(tx: Queryable, batchId: string): Promise<void> {
    const refunds = await tx.select<ItemRow>(
      `SELECT ${SELECTED} FROM settled_item i WHERE i.batch_id = ? AND i.origin <> '' ORDER BY i.item_id`,
      [batchId],
    );
    for (const { origin, amount, fee, commission, earned } of refunds) {
      await this.unclaw(tx, batchId, origin, earned);
      await tx.run(
        `UPDATE settled_item SET refunded = refunded + ?, fee_returned = fee_returned + ?, clawed = clawed + ?,
           place = CASE place WHEN 'returned' THEN 'refunding' ELSE place END
         WHERE item_id = ? AND kind = 'payment'`,
        [amount, fee, commission, origin],
      );
    }
  }

  /** Level by level: what the refund had clawed is the earners' again. */
  private async unclaw(tx: Queryable, batchId: string, origin: string, claws: string): Promise<void> {
    if (claws === '') return;
    const rows = await tx.select<Pick<ItemRow, 'batch_id' | 'earned'>>(
      `SELECT batch_id, earned FROM settled_item
       WHERE item_id = ? AND kind = 'payment' AND batch_id <> ? AND earned <> '' FOR UPDATE`,
      [origin, batchId],
    );
    for (const row of rows)
      await tx.run('UPDATE settled_item SET earned = ? WHERE batch_id = ? AND item_id = ?', [
        printEarned(unclaw(readEarned(row.earned), readEarned(claws))),
        ...[row.batch_id, origin],
      ]);
  }

  /** The list of open items moves with the ledger's suspense account. */
  async addToSuspense(
    tx: Queryable,
    day: { provider: string; day: string },
    open: ReadonlyMap<string, bigint>,
  ): Promise<void> {
    for (const [itemId, amount] of [...open].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (amount === 0n) continue;
      await tx.run(
        `INSERT INTO suspense_item (item_id, provider, day, open, updated_at) VALUES (?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE open = open + VALUES(open), updated_at = VALUES(updated_at)`,
        [itemId, day.provider, day.day, amount, new Date()],
      );
    }
  }

  /** What of an item lies in suspense: credits − debits. */
  async open(tx: Queryable, itemId: string): Promise<bigint> {
    const rows = await tx.select<{ open: bigint }>('SELECT open FROM suspense_item WHERE item_id = ?', [itemId]);
    return rows[0]?.open ?? 0n;
  }
}

const toRow = (item: SettledItem): unknown[] => [
  ...[item.batchId, item.itemId, item.kind, item.class, item.matched ? 1 : 0, item.place, item.paymentNo, item.refNo],
  ...[item.providerTxnId, item.branch, item.acquiringBranch, item.channel, item.partner, item.amount],
  ...[item.statementFee, item.fee, item.commission, item.earner, item.scheduleId, item.planId, item.origin],
  ...[item.refunded, item.feeReturned, item.clawed, item.face, item.product, item.feePpm, printEarned(item.earned)],
  item.sealed ? 1 : 0,
];

const fromRow = (row: ItemRow): SettledItem => ({
  batchId: row.batch_id,
  itemId: row.item_id,
  kind: row.kind,
  class: row.class,
  matched: row.matched === 1,
  place: row.place,
  paymentNo: row.payment_no,
  refNo: row.ref_no,
  providerTxnId: row.provider_txn_id,
  branch: row.branch,
  acquiringBranch: row.acquiring_branch,
  channel: row.channel,
  partner: row.partner,
  amount: row.amount,
  statementFee: row.statement_fee,
  fee: row.fee,
  commission: row.commission,
  earner: row.earner,
  scheduleId: row.schedule_id,
  planId: row.plan_id,
  origin: row.origin,
  refunded: row.refunded,
  feeReturned: row.fee_returned,
  clawed: row.clawed,
  face: row.face,
  product: row.product,
  feePpm: row.fee_ppm,
  earned: readEarned(row.earned),
  sealed: row.sealed === 1,
});

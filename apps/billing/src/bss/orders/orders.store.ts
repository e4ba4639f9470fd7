import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../../resources/db';
import type { NewOrder, OrderKind, OrderRow } from './order';
import { canMove, type OrderState } from './order.states';

/** What a move changes besides the state. */
export type OrderChange = Partial<
  Pick<
    OrderRow,
    'reason' | 'note' | 'theirId' | 'theirDate' | 'balanceAfter' | 'sends' | 'asked' | 'missing' | 'sentAt' | 'dueAt'
  >
>;

const COLUMNS = `ref_no AS refNo, kind, branch, payment_no AS paymentNo, msisdn, owner, amount, currency, content, state,
  wanted, pledged, booked, reason, note, their_id AS theirId, their_date AS theirDate, balance_after AS balanceAfter,
  sends, asked, missing, sent_at AS sentAt, due_at AS dueAt, version, updated_at AS updatedAt`;

const NAMES: Readonly<Record<keyof OrderChange, string>> = {
  reason: 'reason',
  note: 'note',
  theirId: 'their_id',
  theirDate: 'their_date',
  balanceAfter: 'balance_after',
  sends: 'sends',
  asked: 'asked',
  missing: 'missing',
  sentAt: 'sent_at',
  dueAt: 'due_at',
};

const NOTE_LENGTH = 120;

/** Orders at provinces. A move is one UPDATE that names the version it saw, with its history row in the same transaction. */
@Injectable()
export class OrdersStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** The intent, before any effect. An order that is there already stays as it is. */
  async insert(orders: readonly NewOrder[], dueAt: Date, at: Date): Promise<void> {
    await this.db.run(
      `INSERT INTO bss_order (ref_no, kind, branch, payment_no, msisdn, owner, amount, currency, content, state, wanted,
         pledged, booked, reason, note, their_id, sends, asked, missing, due_at, version, created_at, updated_at)
       VALUES ? ON DUPLICATE KEY UPDATE ref_no = ref_no`,
      [
        orders.map((one) => [
          one.refNo,
          one.kind,
          one.branch,
          one.paymentNo,
          one.msisdn,
          one.owner,
          one.amount,
          one.currency,
          one.content,
          'requested',
          'carry_out',
          0,
          0,
          '',
          '',
          '',
          0,
          0,
          0,
          dueAt,
          0,
          at,
          at,
        ]),
      ],
    );
  }

  async find(kind: OrderKind, refNos: readonly string[]): Promise<Map<string, OrderRow>> {
    if (refNos.length === 0) return new Map();
    const rows = await this.rows(`WHERE ref_no IN (?) AND kind = ?`, [[...new Set(refNos)], kind]);
    return new Map(rows.map((row) => [row.refNo, row]));
  }

  async get(kind: OrderKind, refNo: string): Promise<OrderRow | undefined> {
    return (await this.find(kind, [refNo])).get(refNo);
  }

  /** Of one province and state, what is due, the longest waiting first. Planned work of a branch in maintenance waits. */
  due(branch: string, state: OrderState, now: Date, limit: number): Promise<OrderRow[]> {
    const open =
      state === 'requested'
        ? `AND (o.wanted = 'give_up' OR EXISTS (SELECT 1 FROM branch b WHERE b.code = o.branch AND b.status = 'open'))`
        : '';
    return this.rows(
      `o FORCE INDEX (bss_order_due) WHERE o.branch = ? AND o.state = ? AND o.due_at <= ? ${open}
       ORDER BY o.due_at LIMIT ?`,
      [branch, state, now, limit],
    );
  }

  /** Moves the date, which is the lease: 1 row matched is ours. */
  async claim(row: OrderRow, dueAt: Date | null, change: OrderChange, now: Date): Promise<OrderRow | null> {
    return this.update(this.db, row, row.state, { ...change, dueAt }, now);
  }

  /** @returns the row as it is now; null when somebody else was faster */
  async move(
    row: OrderRow,
    to: OrderState,
    evidence: string,
    change: OrderChange,
    now: Date,
  ): Promise<OrderRow | null> {
    if (!canMove(row.state, to)) throw new Error(`bss order: ${row.state} is not followed by ${to}`);
    return this.db.transaction(async (tx) => {
      const moved = await this.update(tx, row, to, change, now);
      if (!moved) return null;
      await tx.run(
        'INSERT INTO bss_order_move (ref_no, kind, n, from_state, to_state, evidence, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [row.refNo, row.kind, moved.version, row.state, to, evidence.slice(0, NOTE_LENGTH), now],
      );
      return moved;
    });
  }

  /** The ledger has taken note; who is asked next need not tell it again. */
  async pledged(kind: OrderKind, refNos: readonly string[], dueAt: Date): Promise<void> {
    if (refNos.length === 0) return;
    await this.db.run(
      `UPDATE bss_order SET pledged = 1, due_at = ? WHERE ref_no IN (?) AND kind = ? AND state = 'requested'`,
      [dueAt, refNos, kind],
    );
  }

  /** The end is in the ledger: nothing more is due. */
  async booked(row: OrderRow): Promise<void> {
    await this.db.run(
      'UPDATE bss_order SET booked = 1, due_at = NULL WHERE ref_no = ? AND kind = ? AND state = ? AND booked = 0',
      [row.refNo, row.kind, row.state],
    );
  }

  /** Not carried out is welcome from now on. Says nothing about what the province has done or will do. */
  async giveUp(row: OrderRow, now: Date): Promise<void> {
    await this.db.run(
      `UPDATE bss_order SET wanted = 'give_up', updated_at = ? WHERE ref_no = ? AND kind = ? AND wanted = 'carry_out'`,
      [now, row.refNo, row.kind],
    );
  }

  /** Due now, whatever the ladder says; also what has left the ladder. */
  async hurry(kind: OrderKind, refNo: string, now: Date): Promise<boolean> {
    const hurried = await this.db.run(
      `UPDATE bss_order SET due_at = ? WHERE ref_no = ? AND kind = ? AND state IN ('sent', 'unknown')`,
      [now, refNo, kind],
    );
    return hurried === 1;
  }

  /** What is not at its end; `waiting`: only what has no date, which nobody but people takes up. */
  open(branch: string | undefined, waiting: boolean, limit: number): Promise<OrderRow[]> {
    const where = ['booked = 0'];
    const params: unknown[] = [];
    if (waiting) where.push('due_at IS NULL');
    if (branch !== undefined) {
      where.push('branch = ?');
      params.push(branch);
    }
    return this.rows(`WHERE ${where.join(' AND ')} ORDER BY created_at LIMIT ?`, [...params, limit]);
  }

  /** Orders that the province says it carried out on a date, a page after the last one seen. */
  doneOn(branch: string, date: string, after: { refNo: string; kind: string }, limit: number): Promise<OrderRow[]> {
    return this.rows(
      `FORCE INDEX (bss_order_date) WHERE branch = ? AND their_date = ? AND state = 'done'
         AND (ref_no > ? OR (ref_no = ? AND kind > ?)) ORDER BY ref_no, kind LIMIT ?`,
      [branch, date, after.refNo, after.refNo, after.kind, limit],
    );
  }

  /** Their sum, signed as their effect on balances. */
  async sumDoneOn(branch: string, date: string): Promise<bigint> {
    const [row] = await this.db.select<{ total: string | null }>(
      `SELECT CAST(SUM(IF(kind = 'reversal', -amount, amount)) AS CHAR) AS total FROM bss_order
       FORCE INDEX (bss_order_date) WHERE branch = ? AND their_date = ? AND state = 'done'`,
      [branch, date],
    );
    return BigInt(row?.total ?? 0);
  }

  private async update(
    q: Queryable,
    row: OrderRow,
    to: OrderState,
    change: OrderChange,
    now: Date,
  ): Promise<OrderRow | null> {
    const cut = change.note === undefined ? change : { ...change, note: change.note.slice(0, NOTE_LENGTH) };
    const fields = Object.entries(cut) as [keyof OrderChange, unknown][];
    const set = fields.map(([name]) => `, ${NAMES[name]} = ?`).join('');
    const matched = await q.run(
      `UPDATE bss_order SET state = ?, version = version + 1, updated_at = ?${set}
       WHERE ref_no = ? AND kind = ? AND state = ? AND version = ?`,
      [to, now, ...fields.map(([, value]) => value), row.refNo, row.kind, row.state, row.version],
    );
    return matched === 1 ? { ...row, ...cut, state: to, version: row.version + 1, updatedAt: now } : null;
  }

  private async rows(tail: string, params: readonly unknown[]): Promise<OrderRow[]> {
    const rows = await this.db.select<OrderRow & { pledged: unknown; booked: unknown }>(
      `SELECT ${COLUMNS} FROM bss_order ${tail}`,
      params,
    );
    return rows.map((row) => ({ ...row, pledged: Boolean(row.pledged), booked: Boolean(row.booked) }));
  }
}

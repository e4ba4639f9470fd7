import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../platform';
import type {
  AdjustmentRow,
  AttemptRow,
  HistoryRow,
  KeyRow,
  PaymentRow,
  ReferenceRow,
  RefundRow,
  ReturnRow,
} from './payment.rows';
import type { PaymentState } from './payment.schema';
import { HAS_MONEY } from './payment.states';
import { withStraightMoves } from './straight-move';

export interface PaymentFilter {
  partner: string;
  /** '' for partners; then only this payer's own. */
  payerBlind: string | null;
  state?: PaymentState;
  from?: Date;
  to?: Date;
  /** Where the page before ended; newest first. */
  before?: { createdAt: Date; paymentNo: string };
  limit: number;
}

const OF_PAYER =
  'payment_payer x FORCE INDEX (PRIMARY) STRAIGHT_JOIN payment p FORCE INDEX (PRIMARY) ON p.payment_no = x.payment_no';

/** What is read of payments outside a lane: single rows, lists, and the sweep's due dates. */
@Injectable()
export class PaymentsReadStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async find(paymentNo: string): Promise<PaymentRow | undefined> {
    return (await this.rows<PaymentRow>('SELECT * FROM payment WHERE payment_no = ?', [paymentNo]))[0];
  }

  findMany(numbers: readonly string[]): Promise<PaymentRow[]> {
    return this.rows('SELECT * FROM payment WHERE payment_no IN (?)', [numbers]);
  }

  async reference(partner: string, reference: string): Promise<ReferenceRow | undefined> {
    const sql = 'SELECT * FROM partner_reference WHERE partner = ? AND reference = ?';
    return (await this.rows<ReferenceRow>(sql, [partner, reference]))[0];
  }

  async list(filter: PaymentFilter): Promise<PaymentRow[]> {
    // A payer's payments are found by his own table, whose times are the payments'.
    const mine = filter.payerBlind !== null;
    const at = mine ? 'x' : 'p';
    const where = [mine ? 'x.payer_blind = ? AND p.partner = ?' : 'p.partner = ?'];
    const params: unknown[] = mine ? [filter.payerBlind, filter.partner] : [filter.partner];
    const and = (sql: string, ...values: unknown[]) => {
      where.push(sql);
      params.push(...values);
    };
    if (filter.state) and('p.state = ?', filter.state);
    if (filter.from) and(`${at}.created_at >= ?`, filter.from);
    if (filter.to) and(`${at}.created_at < ?`, filter.to);
    const { before } = filter;
    if (before) {
      const { createdAt, paymentNo } = before;
      const later = `(${at}.created_at < ? OR (${at}.created_at = ? AND ${at}.payment_no < ?))`;
      and(later, createdAt, createdAt, paymentNo);
    }
    return this.rows(
      `SELECT p.* FROM ${mine ? OF_PAYER : 'payment p FORCE INDEX (payment_partner)'}
        WHERE ${where.join(' AND ')} ORDER BY ${at}.created_at DESC, ${at}.payment_no DESC LIMIT ?`,
      [...params, filter.limit],
    );
  }

  attemptsOf(paymentNo: string): Promise<AttemptRow[]> {
    // The attempt's number begins with the payment's: a range of the primary key.
    return this.rows('SELECT * FROM attempt WHERE attempt_no >= ? AND attempt_no <= ? ORDER BY attempt_no', [
      paymentNo,
      `${paymentNo}99`,
    ]);
  }

  async attempt(attemptNo: string): Promise<AttemptRow | undefined> {
    return (await this.rows<AttemptRow>('SELECT * FROM attempt WHERE attempt_no = ?', [attemptNo]))[0];
  }

  /** By the provider's own name of it; undefined where more than one bears it: that names none. */
  async attemptNamed(provider: string, providerTxnId: string): Promise<AttemptRow | undefined> {
    if (providerTxnId === '') return undefined;
    const sql = `SELECT * FROM attempt FORCE INDEX (attempt_txn) WHERE provider_txn_id = ? AND provider = ? LIMIT 2`;
    const [only, ...others] = await this.rows<AttemptRow>(sql, [providerTxnId, provider]);
    return others.length === 0 ? only : undefined;
  }

  refundsOf(paymentNo: string): Promise<RefundRow[]> {
    return this.rows('SELECT * FROM refund WHERE payment_no = ? ORDER BY created_at, refund_no', [paymentNo]);
  }

  async refund(refundNo: string): Promise<RefundRow | undefined> {
    return (await this.rows<RefundRow>('SELECT * FROM refund WHERE refund_no = ?', [refundNo]))[0];
  }

  returnsOf(paymentNo: string): Promise<ReturnRow[]> {
    return this.rows('SELECT * FROM provider_return WHERE payment_no = ? ORDER BY return_no', [paymentNo]);
  }

  dueReturns(state: ReturnRow['state'], limit: number): Promise<ReturnRow[]> {
    const sql = `SELECT * FROM provider_return FORCE INDEX (provider_return_due)
      WHERE state = ? AND due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT ?`;
    return this.rows(sql, [state, limit]);
  }

  async claimReturn(row: ReturnRow, next: Date | null): Promise<boolean> {
    const sql = `UPDATE provider_return SET due_at = ?, tries = tries + 1
      WHERE return_no = ? AND day = ? AND state = ? AND due_at = ?`;
    return (await this.db.run(sql, [next, row.return_no, row.day, row.state, row.due_at])) === 1;
  }

  historyOf(payment: PaymentRow): Promise<HistoryRow[]> {
    return this.historyOfMany([payment]);
  }

  /** Payments for a number, newest first. */
  forNumber(msisdnBlind: string, limit: number): Promise<PaymentRow[]> {
    const sql = 'SELECT * FROM payment WHERE msisdn_blind = ? ORDER BY created_at DESC LIMIT ?';
    return this.rows(sql, [msisdnBlind, limit]);
  }

  byPayer(payerBlind: string, limit: number): Promise<PaymentRow[]> {
    const sql = `SELECT p.* FROM ${OF_PAYER} WHERE x.payer_blind = ? ORDER BY x.created_at DESC LIMIT ?`;
    return this.rows(sql, [payerBlind, limit]);
  }

  /** Refunds, reversals and returns of payments, by when they last moved. */
  adjustmentsOf(numbers: readonly string[]): Promise<AdjustmentRow[]> {
    if (numbers.length === 0) return Promise.resolve([]);
    return this.rows(
      `SELECT payment_no, CONCAT(kind, ' ', reason) AS what, state, code, amount, updated_at AS at
          FROM refund FORCE INDEX (refund_payment) WHERE payment_no IN (?)
        UNION ALL SELECT payment_no, CONCAT('taken back: ', reason), state, NULL, amount, updated_at
          FROM provider_return FORCE INDEX (provider_return_payment) WHERE payment_no IN (?)`,
      [numbers, numbers],
    );
  }

  /** @param payments as they were read just before: each knows a move that may stand nowhere else */
  async historyOfMany(payments: readonly PaymentRow[]): Promise<HistoryRow[]> {
    if (payments.length === 0) return [];
    const sql = 'SELECT * FROM payment_history WHERE payment_no IN (?) ORDER BY at, payment_no, n';
    const rows = await this.rows<HistoryRow>(sql, [payments.map(({ payment_no }) => payment_no)]);
    return withStraightMoves(payments, rows);
  }

  /** Another success of the same payer for the same number and sum within a day: a payer who tried again as a new order. */
  async twinWithMoney(payment: PaymentRow): Promise<string | null> {
    const day = 24 * 3600 * 1000;
    const at = payment.created_at.getTime();
    const rows = await this.rows<{ payment_no: string }>(
      `SELECT payment_no FROM payment WHERE msisdn_blind = ? AND created_at BETWEEN ? AND ? AND payer_key = ?
        AND amount = ? AND state IN (?) AND payment_no <> ? ORDER BY payment_no LIMIT 1`,
      [
        payment.msisdn_blind,
        new Date(at - day),
        new Date(at + day),
        payment.payer_key,
        payment.amount,
        HAS_MONEY,
        payment.payment_no,
      ],
    );
    return rows[0]?.payment_no ?? null;
  }

  async key(scope: string, k: string): Promise<(KeyRow & { status: number | null; body: string | null }) | undefined> {
    const rows = await this.rows<KeyRow & { status: number | null; body: string | null }>(
      `SELECT i.*, a.status, a.body FROM idempotency i
        LEFT JOIN idempotency_answer a ON a.scope = i.scope AND a.k = i.k WHERE i.scope = ? AND i.k = ?`,
      [scope, k],
    );
    return rows[0];
  }

  /** Open payments of a state whose date has come; the index holds only the open tail. */
  due(state: PaymentState, limit: number): Promise<PaymentRow[]> {
    const sql =
      'SELECT * FROM payment FORCE INDEX (payment_due) WHERE state = ? AND due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT ?';
    return this.rows(sql, [state, limit]);
  }

  /** Claim by moving the date: one of many sweepers matches. The next step of the ladder is the lease. */
  async claim(payment: PaymentRow, next: Date | null): Promise<boolean> {
    const matched = await this.db.run(
      `UPDATE payment SET due_at = ?, tries = tries + 1, last_query_at = UTC_TIMESTAMP(3)
        WHERE payment_no = ? AND day = ? AND state = ? AND due_at = ?`,
      [next, payment.payment_no, payment.day, payment.state, payment.due_at],
    );
    return matched === 1;
  }

  /** A debit waits on while its provider is away: no step of any ladder. */
  async postpone(payment: PaymentRow, until: Date): Promise<void> {
    const sql = "UPDATE payment SET due_at = ?, tries = 0 WHERE payment_no = ? AND day = ? AND state = 'created'";
    await this.db.run(sql, [until, payment.payment_no, payment.day]);
  }

  dueRefunds(state: RefundRow['state'], limit: number): Promise<RefundRow[]> {
    const sql =
      'SELECT * FROM refund FORCE INDEX (refund_due) WHERE state = ? AND due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT ?';
    return this.rows(sql, [state, limit]);
  }

  async claimRefund(refund: RefundRow, next: Date | null): Promise<boolean> {
    const matched = await this.db.run(
      'UPDATE refund SET due_at = ?, tries = tries + 1 WHERE refund_no = ? AND day = ? AND state = ? AND due_at = ?',
      [next, refund.refund_no, refund.day, refund.state, refund.due_at],
    );
    return matched === 1;
  }

  /** A number that no other living process has: part of every payment number of this one. */
  takeWriter(): Promise<number> {
    return this.db.transaction(async (tx) => {
      await tx.run('UPDATE number_writer SET taken = taken + 1 WHERE id = 1');
      const [row] = await tx.select<{ taken: number }>('SELECT taken FROM number_writer WHERE id = 1');
      return (row?.taken ?? 0) % 10_000;
    });
  }

  private async rows<T extends object>(sql: string, params: readonly unknown[]): Promise<T[]> {
    return (await this.db.select(sql, params)) as unknown as T[];
  }
}

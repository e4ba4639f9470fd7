import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../reconciliation.config';

/** A line of a run that stands, or a break, of one payment. */
export interface PaymentRow {
  payment_no: string;
  provider: string;
  date: string;
  kind: string;
  class: string;
  state: string;
  provider_txn_id: string;
  amount: bigint;
  at: Date;
}

/** What rows say of payments; plainly matched lines are no rows, but sealed (ReadMatched). */
@Injectable()
export class PaymentLinesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async lines(paymentNos: readonly string[]): Promise<PaymentRow[]> {
    const sql = `SELECT i.payment_no, i.provider, i.date, i.kind, i.class, IF(i.matched, 'matched', 'suspense') AS state,
        i.provider_txn_id, i.amount, r.created_at AS at
      FROM match_item i JOIN run r ON r.run_id = i.run_id AND r.state = 'current' WHERE i.payment_no IN (?)`;
    return (await this.db.select(sql, [paymentNos])) as unknown as PaymentRow[];
  }

  async breaks(paymentNos: readonly string[]): Promise<PaymentRow[]> {
    const sql = `SELECT payment_no, provider, date, kind, class, state, provider_txn_id, at_stake AS amount,
        COALESCE(resolved_at, created_at) AS at FROM recon_break WHERE payment_no IN (?)`;
    return (await this.db.select(sql, [paymentNos])) as unknown as PaymentRow[];
  }

  /** When the run that stands for a provider's date was made. */
  async madeAt(provider: string, date: string): Promise<Date | null> {
    const sql = "SELECT created_at AS at FROM run WHERE provider = ? AND date = ? AND state = 'current'";
    return (await this.db.select<{ at: Date }>(sql, [provider, date]))[0]?.at ?? null;
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../resources/tokens';
import { PAYOUT_MOVES, type PayeeKind, type Payout, type PayoutState } from './payout';

interface PayoutRow extends Row {
  number: string;
  run_id: string;
  party_kind: PayeeKind;
  party: string;
  account: string;
  payee_id: string;
  payment_no: string;
  branch: string;
  amount: bigint;
  state: PayoutState;
  bank_status: string;
  reason: string;
  retry_of: string;
}

@Injectable()
export class PayoutsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async add(tx: Queryable, payouts: readonly Payout[]): Promise<void> {
    const rows = payouts.map((p) => [
      ...[p.number, p.runId, p.partyKind, p.party, p.account, p.payeeId, p.paymentNo, p.branch, p.amount, p.state],
      ...[p.bankStatus, p.reason, p.retryOf, new Date()],
    ]);
    await tx.run(
      `INSERT INTO payout (number, run_id, party_kind, party, account, payee_id, payment_no, branch, amount, state,
        bank_status, reason, retry_of, updated_at) VALUES ?`,
      [rows],
    );
  }

  async find(number: string, queryable: Queryable = this.db): Promise<Payout | null> {
    const rows = await queryable.select<PayoutRow>('SELECT * FROM payout WHERE number = ?', [number]);
    return rows[0] ? fromRow(rows[0]) : null;
  }

  /** Held until the transaction ends. */
  async lock(tx: Queryable, number: string): Promise<Payout | null> {
    const rows = await tx.select<PayoutRow>('SELECT * FROM payout WHERE number = ? FOR UPDATE', [number]);
    return rows[0] ? fromRow(rows[0]) : null;
  }

  /** Held until the transaction ends, in the order of their numbers. */
  async ofRun(runId: string, queryable: Queryable = this.db): Promise<Payout[]> {
    const held = queryable === this.db ? '' : ' FOR UPDATE';
    const rows = await queryable.select<PayoutRow>(`SELECT * FROM payout WHERE run_id = ? ORDER BY number${held}`, [
      runId,
    ]);
    return rows.map(fromRow);
  }

  /** @throws when it is not in that state: the caller holds the row */
  async move(tx: Queryable, payout: Payout, to: PayoutState, reason = ''): Promise<void> {
    if (!PAYOUT_MOVES[payout.state].includes(to)) throw new Error(`a payout does not go from ${payout.state} to ${to}`);
    const moved = await tx.run(
      'UPDATE payout SET state = ?, reason = ?, updated_at = ? WHERE number = ? AND state = ?',
      [to, reason.slice(0, 200), new Date(), payout.number, payout.state],
    );
    if (moved !== 1) throw new Error(`payout ${payout.number} was moved meanwhile`);
  }

  async note(tx: Queryable, number: string, bankStatus: string): Promise<void> {
    await tx.run("UPDATE payout SET bank_status = ?, updated_at = ? WHERE number = ? AND state = 'sent'", [
      ...[bankStatus, new Date(), number],
    ]);
  }

  /** The party's latest payout, when it failed and none was made since. */
  async toRetry(tx: Queryable, partyKind: PayeeKind, party: string): Promise<string> {
    const rows = await tx.select<{ number: string; state: PayoutState }>(
      `SELECT p.number, p.state FROM payout p JOIN payout_run r ON r.run_id = p.run_id
       WHERE p.party_kind = ? AND p.party = ? AND p.state <> 'withdrawn' ORDER BY r.created_at DESC, p.number LIMIT 1`,
      [partyKind, party],
    );
    return rows[0] && ['rejected', 'returned'].includes(rows[0].state) ? rows[0].number : '';
  }

  /** The provider in whose position a payout counts: itself, or the one that took the refunded payment; else none. */
  async positionOf(tx: Queryable, { partyKind, party, paymentNo }: Payout): Promise<string> {
    if (partyKind === 'provider') return party;
    return paymentNo === '' ? '' : this.providerOf(tx, paymentNo);
  }

  /** Whose statement a payment was settled by; empty when it is settled nowhere. */
  private async providerOf(tx: Queryable, paymentNo: string): Promise<string> {
    const rows = await tx.select<{ provider: string }>(
      `SELECT b.provider FROM settled_item i JOIN settlement_batch b ON b.batch_id = i.batch_id AND b.state = 'settled'
       WHERE i.payment_no = ? AND i.kind = 'payment' AND i.place = 'due' LIMIT 1`,
      [paymentNo],
    );
    return rows[0]?.provider ?? '';
  }

  /**
   * A refund by bank transfer counts against its payment like a refund line: both together never exceed it. Negative: it
   * came back. false: nothing of that size is left, or the payment is not settled.
   */
  async countRefund(tx: Queryable, paymentNo: string, amount: bigint): Promise<boolean> {
    const changed = await tx.run(
      `UPDATE settled_item i JOIN settlement_batch b ON b.batch_id = i.batch_id AND b.state = 'settled'
       SET i.refunded = i.refunded + ?
       WHERE i.payment_no = ? AND i.kind = 'payment' AND i.place = 'due'
         AND i.refunded + ? BETWEEN 0 AND i.amount`,
      [amount, paymentNo, amount],
    );
    return changed === 1;
  }
}

const fromRow = (row: PayoutRow): Payout => ({
  number: row.number,
  runId: row.run_id,
  partyKind: row.party_kind,
  party: row.party,
  account: row.account,
  payeeId: row.payee_id,
  paymentNo: row.payment_no,
  branch: row.branch,
  amount: row.amount,
  state: row.state,
  bankStatus: row.bank_status,
  reason: row.reason,
  retryOf: row.retry_of,
});

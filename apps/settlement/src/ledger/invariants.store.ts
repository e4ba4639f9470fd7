import { Inject, Injectable } from '@nestjs/common';
import type { Db, Row } from '@yidian/database';
import { DB } from '../resources/tokens';

interface Sum extends Row {
  account: string;
  total: bigint;
}

/** Figures to compare with each other; each comes from other rows than its counterpart. */
@Injectable()
export class InvariantsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Every account's balance as the ledger keeps it. */
  balances(): Promise<Map<string, bigint>> {
    return this.sums(
      'SELECT account_id AS account, CAST(SUM(balance) AS SIGNED) AS total FROM account_part GROUP BY account_id',
    );
  }

  /** Principal per branch from the ledger's own transfers. */
  principal(): Promise<Map<string, bigint>> {
    return this.sums(
      `SELECT account, CAST(SUM(total) AS SIGNED) AS total FROM (
         SELECT credit AS account, amount AS total FROM transfer WHERE kind = 'principal' AND credit LIKE 'due/%'
         UNION ALL
         SELECT debit, -amount FROM transfer WHERE kind = 'principal' AND debit LIKE 'due/%'
       ) legs GROUP BY account`,
    );
  }

  /** Net of all settled statement lines per provider, from the lines and the sums of sealed ones. */
  statementNet(): Promise<Map<string, bigint>> {
    return this.sums(
      `SELECT account, CAST(SUM(net) AS SIGNED) AS total FROM (
         SELECT b.provider AS account, i.amount - i.statement_fee AS net
           FROM settlement_batch b JOIN settled_item i ON i.batch_id = b.batch_id
           WHERE b.state = 'settled' AND b.kind = 'settle' AND i.place <> 'skipped'
         UNION ALL
         SELECT b.provider, s.amount - s.statement_fee FROM settlement_batch b
           JOIN settled_sum s ON s.batch_id = b.batch_id WHERE b.state = 'settled'
       ) settled GROUP BY account`,
    );
  }

  /** What providers have paid of it: entries of our bank by their own rows, and payments without a bank. */
  clearingPaid(): Promise<Map<string, bigint>> {
    return this.sums(
      `SELECT account, CAST(SUM(total) AS SIGNED) AS total FROM (
         SELECT e.provider AS account, e.amount AS total FROM bank_entry e
           JOIN settlement_batch b ON b.batch_id = e.batch_id AND b.state = 'settled'
           WHERE e.meaning IN ('provider_payout', 'payout_back', 'remittance')
         UNION ALL
         SELECT p.provider, p.amount FROM clearing_payment p
           JOIN settlement_batch b ON b.batch_id = p.batch_id AND b.state = 'settled'
       ) paid GROUP BY account`,
    );
  }

  /** Payouts the bank has and has not booked, per account of ours. */
  unbookedPayouts(): Promise<Map<string, bigint>> {
    return this.sums(
      "SELECT account, CAST(SUM(amount) AS SIGNED) AS total FROM payout WHERE state = 'sent' GROUP BY account",
    );
  }

  /** What our bank has booked and we know the meaning of, debit-positive as the bank account is. */
  bankBooked(): Promise<Map<string, bigint>> {
    return this.sums(
      `SELECT e.account, CAST(-SUM(e.amount) AS SIGNED) AS total FROM bank_entry e
       JOIN settlement_batch b ON b.batch_id = e.batch_id AND b.state = 'settled'
       WHERE e.state = 'booked' GROUP BY e.account`,
    );
  }

  /** Items that wait, listed per provider. */
  openItems(): Promise<Map<string, bigint>> {
    return this.sums(
      'SELECT provider AS account, CAST(SUM(open) AS SIGNED) AS total FROM suspense_item WHERE open <> 0 GROUP BY provider',
    );
  }

  /** Items that hold something their own place does not explain: they should be none. */
  async unexplainedItems(): Promise<string[]> {
    const rows = await this.db.select<{ item_id: string }>(
      `SELECT s.item_id FROM suspense_item s
       LEFT JOIN provider_day d ON d.provider = s.provider AND d.day = s.day
       LEFT JOIN settlement_batch b ON b.batch_id = d.batch_id AND b.state = 'settled'
       LEFT JOIN settled_item i ON i.batch_id = b.batch_id AND i.item_id = s.item_id
       WHERE s.open <> 0 AND (i.item_id IS NULL OR i.place IN ('returned', 'written_off', 'skipped')
         OR (i.place IN ('suspense', 'refunding')
           AND s.open <> i.amount - i.statement_fee - i.refunded + i.fee_returned))
       ORDER BY s.item_id LIMIT 20`,
    );
    return rows.map((row) => row.item_id);
  }

  /** What the plans of settled batches moved on each account. */
  planned(): Promise<Map<string, bigint>> {
    return this.sums(
      `SELECT account, CAST(SUM(total) AS SIGNED) AS total FROM (
         SELECT l.credit AS account, l.amount AS total FROM settlement_batch b
           JOIN batch_leg l ON l.batch_id = b.batch_id WHERE b.state = 'settled'
         UNION ALL
         SELECT l.debit, -l.amount FROM settlement_batch b
           JOIN batch_leg l ON l.batch_id = b.batch_id WHERE b.state = 'settled'
       ) legs GROUP BY account`,
    );
  }

  private async sums(sql: string): Promise<Map<string, bigint>> {
    const rows = await this.db.select<Sum>(sql);
    return new Map(rows.map((row) => [row.account, row.total]));
  }
}

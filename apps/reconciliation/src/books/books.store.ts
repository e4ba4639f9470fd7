import { Inject, Injectable } from '@nestjs/common';
import type { FactKind, VectorEntry } from '@yidian/contracts';
import type { Db, Row } from '@yidian/database';
import { DB } from '../reconciliation.config';
import type { BookService, Fact } from './fact';

const FACT_COLUMNS = `service, lane_id, seq, provider, book_date, business_date, kind, payment_no, ref_no, provider_txn_id,
  amount, currency, branch, acquiring_branch, channel, partner, occurred_at`;

/** Values of one look-up. */
const VALUES = 500;

export interface FrozenBook {
  service: BookService;
  vector: VectorEntry[];
  vectorHash: string;
  /** Heads of all lanes, read after both books were frozen; null until then. */
  horizon: VectorEntry[] | null;
  totals: Totals | null;
}

export type Totals = { kind: FactKind; count: number; amount: string }[];

@Injectable()
export class BooksStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async saveBook(provider: string, date: string, book: Omit<FrozenBook, 'horizon' | 'totals'> & { epoch: number }) {
    await this.db.run(
      `INSERT INTO book (provider, book_date, service, epoch, vector, vector_hash, frozen_at)
       VALUES (?, ?, ?, ?, ?, ?, NOW(3)) ON DUPLICATE KEY UPDATE service = VALUES(service)`,
      [provider, date, book.service, book.epoch, JSON.stringify(book.vector), book.vectorHash],
    );
  }

  /** The first reading stands: a run's inputs must not move. */
  async saveHorizon(provider: string, date: string, service: BookService, horizon: VectorEntry[]): Promise<void> {
    await this.db.run(
      'UPDATE book SET horizon = ? WHERE provider = ? AND book_date = ? AND service = ? AND horizon IS NULL',
      [JSON.stringify(horizon), provider, date, service],
    );
  }

  async saveTotals(provider: string, date: string, service: BookService, totals: Totals): Promise<void> {
    await this.db.run('UPDATE book SET totals = ? WHERE provider = ? AND book_date = ? AND service = ?', [
      JSON.stringify(totals),
      provider,
      date,
      service,
    ]);
  }

  async books(provider: string, date: string): Promise<Partial<Record<BookService, FrozenBook>>> {
    const rows = await this.db.select<{
      service: BookService;
      vector: string;
      vector_hash: string;
      horizon: string | null;
      totals: string | null;
    }>('SELECT service, vector, vector_hash, horizon, totals FROM book WHERE provider = ? AND book_date = ?', [
      provider,
      date,
    ]);
    const read = (text: string | null) => (text === null ? null : (JSON.parse(text) as never));
    return Object.fromEntries(
      rows.map((row) => [
        row.service,
        {
          service: row.service,
          vector: JSON.parse(row.vector) as VectorEntry[],
          vectorHash: row.vector_hash,
          horizon: read(row.horizon),
          totals: read(row.totals),
        },
      ]),
    );
  }

  /**
   * The vector that nothing of this date's book lies at or below: a book begins when the one before it is cut, and that cut
   * begins when the one before it again is frozen. Empty where there is none.
   */
  async vectorBefore(provider: string, date: string, service: BookService): Promise<VectorEntry[]> {
    const [row] = await this.db.select<{ vector: string }>(
      `SELECT vector FROM book WHERE provider = ? AND service = ? AND book_date < ?
       ORDER BY book_date DESC LIMIT 1 OFFSET 1`,
      [provider, service, date],
    );
    return row ? (JSON.parse(row.vector) as VectorEntry[]) : [];
  }

  /** Milliseconds by the database's clock until the gateway's book has been frozen for `graceMs`. */
  async graceLeft(provider: string, date: string, graceMs: number): Promise<number> {
    const [row] = await this.db.select<{ left_ms: bigint | number }>(
      `SELECT CAST(? - TIMESTAMPDIFF(MICROSECOND, frozen_at, NOW(3)) DIV 1000 AS SIGNED) AS left_ms
       FROM book WHERE provider = ? AND book_date = ? AND service = 'gateway'`,
      [graceMs, provider, date],
    );
    return Math.max(0, Number(row?.left_ms ?? graceMs));
  }

  async sums(provider: string, date: string, service: BookService): Promise<Totals> {
    const rows = await this.db.select<{ kind: FactKind; n: bigint; amount: string }>(
      `SELECT kind, COUNT(*) AS n, CAST(SUM(amount) AS CHAR) AS amount FROM book_fact
       WHERE provider = ? AND book_date = ? AND service = ? GROUP BY kind ORDER BY kind`,
      [provider, date, service],
    );
    return rows.map((row) => ({ kind: row.kind, count: Number(row.n), amount: row.amount }));
  }

  /** Facts of a lane in (after, to], in their order, of all providers. */
  async factsOfLane(service: BookService, laneId: number, after: bigint, to: bigint, limit: number): Promise<Fact[]> {
    const rows = await this.db.select(
      `SELECT ${FACT_COLUMNS} FROM book_fact
       WHERE service = ? AND lane_id = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,
      [service, laneId, after, to, limit],
    );
    return rows.map(toFact);
  }

  factsOfPayments(provider: string, paymentNos: readonly string[]): Promise<Fact[]> {
    return this.factsWhere('payment_no', provider, paymentNos);
  }

  /** Facts that name one of these refund, reversal or attempt numbers. */
  factsOfRefs(provider: string, refNos: readonly string[]): Promise<Fact[]> {
    return this.factsWhere('ref_no', provider, refNos);
  }

  factsOfTransactions(provider: string, txnIds: readonly string[]): Promise<Fact[]> {
    return this.factsWhere('provider_txn_id', provider, txnIds);
  }

  private async factsWhere(
    column: 'payment_no' | 'ref_no' | 'provider_txn_id',
    provider: string,
    values: readonly string[],
  ): Promise<Fact[]> {
    const found: Fact[] = [];
    for (let from = 0; from < values.length; from += VALUES) {
      const rows = await this.db.select(
        `SELECT ${FACT_COLUMNS} FROM book_fact WHERE ${column} IN (?) AND provider = ?`,
        [values.slice(from, from + VALUES), provider],
      );
      found.push(...rows.map(toFact));
    }
    return found;
  }
}

function toFact(row: Row): Fact {
  return {
    service: row['service'] as BookService,
    laneId: row['lane_id'] as number,
    seq: row['seq'] as bigint,
    provider: row['provider'] as string,
    bookDate: row['book_date'] as string,
    businessDate: row['business_date'] as string | null,
    kind: row['kind'] as FactKind,
    paymentNo: row['payment_no'] as string,
    refNo: row['ref_no'] as string,
    providerTxnId: row['provider_txn_id'] as string,
    amount: row['amount'] as bigint,
    currency: row['currency'] as string,
    branch: row['branch'] as string,
    acquiringBranch: row['acquiring_branch'] as string,
    channel: row['channel'] as string,
    partner: row['partner'] as string,
    occurredAt: (row['occurred_at'] as Date).toISOString(),
  };
}

import type { FactKind } from '@yidian/contracts';
import type { Queryable } from '@yidian/database';
import { cutOf, floorsOf, vectorAt } from './books.store';

export interface BookFact {
  kind: FactKind;
  paymentNo: string;
  refNo: string;
  providerTxnId: string;
  amount: bigint;
  currency: string;
  partner: string;
  occurredAt: Date;
}

const PAGE = 5_000;

/**
 * Facts of these kinds in a frozen book, lane by lane in their order: the same whenever they are asked for. Null while the
 * book is not frozen.
 */
export async function bookFacts(
  db: Queryable,
  { provider, date, kinds }: { provider: string; date: string; kinds: readonly FactKind[] },
): Promise<AsyncGenerator<BookFact> | null> {
  if ((await cutOf(db, provider, date))?.state !== 'frozen') return null;
  const floors = await floorsOf(db, provider, date);
  const ends = [...(await vectorAt(db, provider, date))].sort((a, b) => a.laneId - b.laneId);
  return walk();

  async function* walk(): AsyncGenerator<BookFact> {
    for (const { laneId, seq: last } of ends)
      for (let after = floors.get(laneId) ?? 0n; after < last;) {
        const rows = await page(db, [laneId, after, last, provider, date, kinds]);
        for (const row of rows) yield row.fact;
        if (rows.length < PAGE) break;
        after = rows.at(-1)?.seq ?? last;
      }
  }
}

async function page(db: Queryable, params: readonly unknown[]): Promise<{ seq: bigint; fact: BookFact }[]> {
  const rows = await db.select(
    `SELECT seq, kind, payment_no, ref_no, provider_txn_id, amount, currency, partner, occurred_at
      FROM fact FORCE INDEX (PRIMARY)
      WHERE lane_id = ? AND seq > ? AND seq <= ? AND provider = ? AND book_date = ? AND kind IN (?) ORDER BY seq LIMIT ${PAGE}`,
    params,
  );
  return rows.map((row) => ({
    seq: row['seq'] as bigint,
    fact: {
      kind: row['kind'] as FactKind,
      paymentNo: String(row['payment_no']),
      refNo: String(row['ref_no']),
      providerTxnId: String(row['provider_txn_id']),
      amount: row['amount'] as bigint,
      currency: String(row['currency']),
      partner: String(row['partner']),
      occurredAt: row['occurred_at'] as Date,
    },
  }));
}

import { Inject, Injectable } from '@nestjs/common';
import { isDuplicateKey, type Db, type Queryable, type Row } from '@yidian/database';
import { DB } from '../resources/db';
import { closedPlain, openPlain, OTHERS, plainSums, type PlainSums } from './plain-credits.store';
import type { KindSum, OpenItemChange, ReceivableTransfer, Uncounted } from './receivable-effects';

/** All that is to be written of a stretch. */
export interface Counted {
  sums: readonly KindSum[];
  /** Plain credits that become open items. */
  plain: number;
  /** What the other transfers do to open items. */
  changes: readonly OpenItemChange[];
}

export interface OpenItem {
  item: string;
  currency: string;
  amount: bigint;
  since: Date;
}

interface StandingRow extends Row {
  what: 'balance' | 'lane' | 'sum';
  name: string;
  currency: string;
  kind: string;
  a: bigint;
  b: bigint;
}

interface TransferRow extends Row {
  k: string;
  debit: string;
  credit: string;
  amount: bigint;
  currency: string;
  kind: string;
  refers_to: string;
  at: Date;
}

/** What was counted of the transfers on `receivable`: sums, the open items, and how far each lane was counted. */
@Injectable()
export class ReceivablesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async uncounted(): Promise<Uncounted[]> {
    const rows = await this.db.select<{ lane_id: number; counted: bigint; batch_no: bigint }>(
      `SELECT l.lane_id, COALESCE(c.batch_no, 0) AS counted, l.batch_no FROM lane l
        LEFT JOIN receivable_cursor c ON c.lane_id = l.lane_id
        WHERE l.batch_no > COALESCE(c.batch_no, 0) ORDER BY l.lane_id`,
    );
    return rows.map((row) => ({ laneId: row.lane_id, after: row.counted, to: row.batch_no }));
  }

  /** What the plain credits of these batches sum up to; batches never change once committed. */
  plainSums(stretch: Uncounted): Promise<PlainSums> {
    return plainSums(this.db, stretch);
  }

  /** The other transfers on any `receivable` in these batches. */
  async others({ laneId, after, to }: Uncounted): Promise<ReceivableTransfer[]> {
    const rows = await this.db.select<TransferRow>(
      `SELECT k, debit, credit, amount, currency, kind, refers_to, at ${OTHERS}`,
      [laneId, after, to],
    );
    return rows.map(({ refers_to, ...row }) => ({ ...row, refersTo: refers_to }));
  }

  /**
   * Balances, sums and positions of one moment: one statement. What the sums do not have yet lies in the batches told.
   * @param accounts shared accounts
   */
  async standing(
    accounts: readonly string[],
  ): Promise<{ balances: Map<string, bigint>; sums: KindSum[]; uncounted: Uncounted[] }> {
    const rows = await this.db.select<StandingRow>(
      `SELECT 'balance' AS what, account_id AS name, '' AS currency, '' AS kind,
         CAST(SUM(balance) AS SIGNED) AS a, 0 AS b FROM account_part FORCE INDEX (PRIMARY)
         WHERE account_id IN (?) GROUP BY account_id
       UNION ALL
       SELECT 'lane', CAST(l.lane_id AS CHAR), '', '', COALESCE(c.batch_no, 0), l.batch_no FROM lane l
         LEFT JOIN receivable_cursor c ON c.lane_id = l.lane_id WHERE l.batch_no > COALESCE(c.batch_no, 0)
       UNION ALL
       SELECT 'sum', branch, currency, kind, debited, credited FROM receivable_sum`,
      [accounts],
    );
    const of = (what: StandingRow['what']) => rows.filter((row) => row.what === what);
    return {
      balances: new Map(of('balance').map(({ name, a }) => [name, a])),
      sums: of('sum').map(({ name, currency, kind, a, b }) => ({
        branch: name,
        currency,
        kind,
        debited: a,
        credited: b,
      })),
      uncounted: of('lane').map(({ name, a, b }) => ({ laneId: Number(name), after: a, to: b })),
    };
  }

  /** Counts a stretch once: whoever comes second finds the cursor moved. @returns whether it was this one */
  count(stretch: Uncounted, { plain, sums, changes }: Counted): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      if (!(await moveCursor(tx, stretch))) return false;
      await addSums(tx, sums);
      // One a row: all of them are new, and none is at zero.
      if (plain > 0 && (await openPlain(tx, stretch)) !== plain) await removeItems(tx, await closedPlain(tx, stretch));
      await changeItems(tx, changes);
      return true;
    });
  }

  /** One page of a settled sum's payments, once. @returns false when it is there already */
  async settle(
    page: { key: string; page: number; branch: string; amount: bigint },
    changes: readonly OpenItemChange[],
  ): Promise<boolean> {
    try {
      await this.db.transaction(async (tx) => {
        await tx.run('INSERT INTO settled_page (k, page, branch, n, amount) VALUES (?)', [
          [page.key, page.page, page.branch, changes.length, page.amount],
        ]);
        await addSums(tx, [itemisedSum(page.branch, page.amount)]);
        await changeItems(tx, changes);
      });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async openItems(branch: string, after: string, limit: number): Promise<OpenItem[]> {
    return this.db.select<OpenItem & Row>(
      `SELECT item, currency, amount, since FROM open_item FORCE INDEX (PRIMARY)
        WHERE branch = ? AND item > ? ORDER BY item, currency LIMIT ?`,
      [branch, after, limit],
    );
  }

  /** Branches whose listed items are not what was counted, less what was settled item by item; one statement. */
  async unlisted(): Promise<{ branch: string; off: bigint }[]> {
    return this.db.select<{ branch: string; off: bigint }>(
      `SELECT branch, CAST(SUM(amount) AS SIGNED) AS off FROM (
         SELECT branch, amount FROM open_item
         UNION ALL SELECT branch, credited - debited FROM receivable_sum WHERE kind <> 'principal') every
        GROUP BY branch HAVING SUM(amount) <> 0 ORDER BY branch`,
    );
  }
}

/** Among the sums by kind: settled principal that was told payment by payment. */
export const ITEMISED = '~itemised';

const itemisedSum = (branch: string, amount: bigint): KindSum => ({
  ...{ branch, currency: 'CNY', kind: ITEMISED },
  debited: amount < 0n ? -amount : 0n,
  credited: amount > 0n ? amount : 0n,
});

async function moveCursor(tx: Queryable, { laneId, after, to }: Uncounted): Promise<boolean> {
  if (after > 0n) {
    const sql = 'UPDATE receivable_cursor SET batch_no = ? WHERE lane_id = ? AND batch_no = ?';
    return (await tx.run(sql, [to, laneId, after])) === 1;
  }
  try {
    await tx.run('INSERT INTO receivable_cursor (lane_id, batch_no) VALUES (?, ?)', [laneId, to]);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

async function addSums(tx: Queryable, sums: readonly KindSum[]): Promise<void> {
  if (sums.length === 0) return;
  const rows = sums.map((one) => [one.branch, one.currency, one.kind, one.debited, one.credited]);
  await tx.run(
    `INSERT INTO receivable_sum (branch, currency, kind, debited, credited) VALUES ?
      ON DUPLICATE KEY UPDATE debited = debited + VALUES(debited), credited = credited + VALUES(credited)`,
    [rows],
  );
}

const LONGEST_LIST = 900;

/** A change is never zero; rows that come to zero are closed items and go. */
async function changeItems(tx: Queryable, changes: readonly OpenItemChange[]): Promise<void> {
  for (let at = 0; at < changes.length; at += LONGEST_LIST) {
    const part = changes.slice(at, at + LONGEST_LIST);
    const affected = await tx.run(
      `INSERT INTO open_item (branch, item, currency, amount, since) VALUES ?
        ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount)`,
      [part.map((one) => [one.branch, one.item, one.currency, one.amount, one.at])],
    );
    if (affected !== part.length) await removeItems(tx, part);
  }
}

/** Those of these that are at zero. The primary key is forced: with stale statistics a list would scan the branch. */
async function removeItems(tx: Queryable, named: readonly { branch: string; item: string }[]): Promise<void> {
  for (let at = 0; at < named.length; at += LONGEST_LIST) {
    const part = named.slice(at, at + LONGEST_LIST);
    for (const branch of new Set(part.map((one) => one.branch))) {
      const items = part.filter((one) => one.branch === branch).map((one) => one.item);
      await tx.run(
        'DELETE o FROM open_item o FORCE INDEX (PRIMARY) WHERE o.branch = ? AND o.item IN (?) AND o.amount = 0',
        [branch, items],
      );
    }
  }
}

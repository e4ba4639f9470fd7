import type { Queryable } from '@yidian/database';
import type { HashSource, LaneTx } from '@yidian/journal';
import { BillBook, type AllocationRow, type BillRow, type BookRows, type FundRow } from './bill-book';

/** The rows of bill books inside a batch of the write door, which holds the lock of each subscriber's cash account. */
interface Owned {
  subscriberId: string;
}
type StoredBill = BillRow & Owned & Record<string, unknown>;
type StoredFund = FundRow & Owned & Record<string, unknown>;
type StoredAllocation = AllocationRow & Owned & Record<string, unknown>;

const BILL = `subscriber_id AS subscriberId, bill_no AS billNo, branch, period, amount, open_amount AS open,
  due_on AS dueOn, waiting`;
const FUND = 'subscriber_id AS subscriberId, payment_no AS paymentNo, branch, amount, free, taken, waiting';

/** @param payments by subscriber: payments whose rows are needed even where nothing of them is free */
export async function readBooks(
  tx: Queryable,
  payments: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Map<string, BillBook>> {
  const ids = [...payments.keys()].sort();
  if (ids.length === 0) return new Map();
  const numbers = [...new Set([...payments.values()].flatMap((set) => [...set]))];
  const allocations = await allocationsOf(tx, ids, numbers);
  const rows = {
    bills: await billsOf(tx, ids, [...new Set(allocations.map(({ billNo }) => billNo))]),
    funds: await fundsOf(tx, ids, numbers),
    allocations,
  };
  const last = await lastSeqs(tx, ids);
  return new Map(ids.map((id) => [id, new BillBook(bookRows(id, rows, last.get(id) ?? 0))]));
}

export function writeBooks(tx: LaneTx, books: Iterable<BillBook>): void {
  const all = [...books];
  const bills = all.flatMap((book) => book.changedBills().map((bill) => billValues(book.subscriberId, bill, tx.now)));
  const funds = all.flatMap((book) => book.changedFunds().map((fund) => fundValues(book.subscriberId, fund, tx.now)));
  const added = all.flatMap((book) => book.added.map((row) => ({ ...row, subscriberId: book.subscriberId })));
  if (bills.length > 0)
    tx.write({
      sql: `INSERT INTO bill (subscriber_id, bill_no, branch, period, amount, open_amount, due_on, waiting, issued_at)
        VALUES ? ON DUPLICATE KEY UPDATE open_amount = VALUES(open_amount), waiting = VALUES(waiting)`,
      params: [bills],
    });
  if (funds.length > 0)
    tx.write({
      sql: `INSERT INTO bill_payment (subscriber_id, payment_no, branch, amount, free, taken, waiting, credited_at)
        VALUES ? ON DUPLICATE KEY UPDATE free = VALUES(free), taken = VALUES(taken), waiting = VALUES(waiting)`,
      params: [funds],
    });
  if (added.length === 0) return;
  tx.write(
    { sql: `INSERT INTO bill_allocation (${ALLOCATION}) VALUES ?`, params: [added.map((row) => values(row, tx))] },
    added.length,
  );
  for (const row of added) tx.hash(allocationText(row, tx.now));
}

/** For the verification of chains: the batch hash covers what was put on bills. */
export const ALLOCATION_SOURCE: HashSource = {
  async rows(db, laneId, fromBatch, toBatch) {
    const rows = await db.select<StoredAllocation & { batchNo: bigint; at: Date }>(
      `SELECT batch_no AS batchNo, subscriber_id AS subscriberId, seq, bill_no AS billNo, payment_no AS paymentNo, amount,
        cause, at FROM bill_allocation WHERE lane_id = ? AND batch_no BETWEEN ? AND ?`,
      [laneId, fromBatch, toBatch],
    );
    return rows.map((row) => ({ batchNo: row.batchNo, row: allocationText(row, row.at) }));
  },
};

const ALLOCATION = 'subscriber_id, seq, lane_id, batch_no, bill_no, payment_no, amount, cause, at';

const values = (row: AllocationRow & Owned, tx: LaneTx): unknown[] => [
  row.subscriberId,
  row.seq,
  tx.laneId,
  tx.batchNo,
  row.billNo,
  row.paymentNo,
  row.amount,
  row.cause,
  tx.now,
];

const allocationText = (row: AllocationRow & Owned, at: Date): string =>
  JSON.stringify([
    'bill_allocation',
    row.subscriberId,
    row.seq,
    row.billNo,
    row.paymentNo,
    String(row.amount),
    row.cause,
    at.toISOString(),
  ]);

const billValues = (subscriberId: string, bill: BillRow, now: Date): unknown[] => [
  subscriberId,
  bill.billNo,
  bill.branch,
  bill.period,
  bill.amount,
  bill.open,
  bill.dueOn,
  bill.waiting ? 1 : 0,
  now,
];

const fundValues = (subscriberId: string, fund: FundRow, now: Date): unknown[] => [
  subscriberId,
  fund.paymentNo,
  fund.branch,
  fund.amount,
  fund.free,
  fund.taken,
  fund.waiting ? 1 : 0,
  now,
];

function billsOf(tx: Queryable, ids: readonly string[], paid: readonly string[]): Promise<StoredBill[]> {
  return tx.select<StoredBill>(
    `SELECT ${BILL} FROM bill FORCE INDEX (PRIMARY) WHERE subscriber_id IN (?) AND (open_amount > 0 OR bill_no IN (?))`,
    [ids, paid.length > 0 ? paid : ['']],
  );
}

function fundsOf(tx: Queryable, ids: readonly string[], named: readonly string[]): Promise<StoredFund[]> {
  return tx.select<StoredFund>(
    `SELECT ${FUND} FROM bill_payment FORCE INDEX (PRIMARY) WHERE subscriber_id IN (?) AND (free > 0 OR payment_no IN (?))
      ORDER BY credited_at, payment_no`,
    [ids, named.length > 0 ? named : ['']],
  );
}

async function allocationsOf(
  tx: Queryable,
  ids: readonly string[],
  named: readonly string[],
): Promise<StoredAllocation[]> {
  if (named.length === 0) return [];
  return tx.select<StoredAllocation>(
    `SELECT subscriber_id AS subscriberId, seq, bill_no AS billNo, payment_no AS paymentNo, amount, cause
      FROM bill_allocation FORCE INDEX (PRIMARY) WHERE subscriber_id IN (?) AND payment_no IN (?) ORDER BY seq`,
    [ids, named],
  );
}

async function lastSeqs(tx: Queryable, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.select<{ id: string; last: number }>(
    `SELECT subscriber_id AS id, MAX(seq) AS last FROM bill_allocation FORCE INDEX (PRIMARY)
      WHERE subscriber_id IN (?) GROUP BY subscriber_id`,
    [ids],
  );
  return new Map(rows.map(({ id, last }) => [id, last]));
}

function bookRows(
  subscriberId: string,
  rows: { bills: StoredBill[]; funds: StoredFund[]; allocations: StoredAllocation[] },
  lastSeq: number,
): BookRows {
  const own = <T extends Owned>(all: readonly T[]) => all.filter((row) => row.subscriberId === subscriberId);
  return {
    subscriberId,
    bills: own(rows.bills).map((bill) => ({ ...bill, waiting: Boolean(bill.waiting) })),
    funds: own(rows.funds).map((fund) => ({ ...fund, waiting: Boolean(fund.waiting) })),
    allocations: own(rows.allocations),
    lastSeq,
  };
}

import type { Row } from '@yidian/database';
import type { HashSource, LaneTx, Statement } from '@yidian/journal';
import { BillBook, type AllocationRow, type BillRow, type BookRows, type FundRow } from './bill-book';

/** The rows of bill books inside a batch of the write door, which holds the lock of each subscriber's cash account. */
interface Owned {
  subscriberId: string;
}
type StoredBill = BillRow & Owned & Record<string, unknown>;
type StoredFund = FundRow & Owned & Record<string, unknown>;
type StoredAllocation = AllocationRow & Owned & Record<string, unknown>;
type LastSeq = { last: number } & Owned;

type Payments = ReadonlyMap<string, ReadonlySet<string>>;

const BILL = `subscriber_id AS subscriberId, bill_no AS billNo, branch, period, amount, open_amount AS open,
  due_on AS dueOn, waiting`;
const FUND = 'subscriber_id AS subscriberId, payment_no AS paymentNo, branch, amount, free, taken, waiting';

/**
 * Read in the packet that takes the locks, so that a payment of bills costs no round trip more than any other.
 * @param payments by subscriber: payments whose rows are needed even where nothing of them is free
 */
export function bookReads(payments: Payments): Statement[] {
  const ids = [...payments.keys()].sort();
  if (ids.length === 0) return [];
  const numbers = numbersOf(payments);
  return [billsOf(ids, numbers), fundsOf(ids, numbers), allocationsOf(ids, numbers), lastSeqs(ids)];
}

/** @param rows of `bookReads`, in its order */
export function booksFrom(payments: Payments, rows: readonly Row[][]): Map<string, BillBook> {
  const [bills, funds, allocations, lasts] = rows as [StoredBill[], StoredFund[], StoredAllocation[], LastSeq[]];
  const last = new Map((lasts ?? []).map((row) => [row.subscriberId, row.last]));
  return new Map(
    [...payments.keys()].map((id) => {
      return [id, new BillBook(bookRows(id, { bills, funds, allocations }, last.get(id) ?? 0))];
    }),
  );
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

/** All that are open, and those that the named payments pay. */
const billsOf = (ids: readonly string[], numbers: readonly string[]): Statement => ({
  sql: `SELECT ${BILL} FROM bill b FORCE INDEX (PRIMARY) WHERE subscriber_id IN (?) AND (open_amount > 0 OR bill_no IN (
      SELECT a.bill_no FROM bill_allocation a FORCE INDEX (PRIMARY)
        WHERE a.subscriber_id = b.subscriber_id AND a.payment_no IN (?)))`,
  params: [ids, numbers],
});

const fundsOf = (ids: readonly string[], numbers: readonly string[]): Statement => ({
  sql: `SELECT ${FUND} FROM bill_payment FORCE INDEX (PRIMARY) WHERE subscriber_id IN (?) AND (free > 0 OR payment_no IN (?))
    ORDER BY credited_at, payment_no`,
  params: [ids, numbers],
});

const allocationsOf = (ids: readonly string[], numbers: readonly string[]): Statement => ({
  sql: `SELECT subscriber_id AS subscriberId, seq, bill_no AS billNo, payment_no AS paymentNo, amount, cause
    FROM bill_allocation FORCE INDEX (PRIMARY) WHERE subscriber_id IN (?) AND payment_no IN (?) ORDER BY seq`,
  params: [ids, numbers],
});

const lastSeqs = (ids: readonly string[]): Statement => ({
  sql: `SELECT subscriber_id AS subscriberId, MAX(seq) AS last FROM bill_allocation FORCE INDEX (PRIMARY)
    WHERE subscriber_id IN (?) GROUP BY subscriber_id`,
  params: [ids],
});

/** Never empty: a list of nothing is no SQL. */
function numbersOf(payments: Payments): string[] {
  const numbers = new Set([...payments.values()].flatMap((set) => [...set]));
  return numbers.size > 0 ? [...numbers] : [''];
}

function bookRows(
  subscriberId: string,
  rows: { bills: readonly StoredBill[]; funds: readonly StoredFund[]; allocations: readonly StoredAllocation[] },
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

/**
 * One subscriber's bills and what pays them: the oldest bill takes from the oldest payment, as rows; what is taken back of a
 * payment leaves first its free part, then its bills, newest first, and those are open again. After every move what is free
 * less what is open is the cash balance: whatever else moved the balance is carried as a bill or a payment of its own.
 */
export interface BillRow {
  billNo: string;
  branch: string;
  period: string;
  amount: bigint;
  /** What is still owed of it. */
  open: bigint;
  dueOn: string;
  waiting: boolean;
}

/** A payment as far as it pays bills: amount = free + taken back + what it pays on bills. */
export interface FundRow {
  paymentNo: string;
  branch: string;
  amount: bigint;
  free: bigint;
  taken: bigint;
  waiting: boolean;
}

export interface AllocationRow {
  seq: number;
  billNo: string;
  paymentNo: string;
  /** Negative: taken off the bill again. */
  amount: bigint;
  /** Key of the posting that caused it. */
  cause: string;
}

export interface BookRows {
  subscriberId: string;
  /** All that are open, and those that the named payments pay; oldest first. */
  bills: readonly BillRow[];
  /** All that are not used up, and the named ones; oldest first. */
  funds: readonly FundRow[];
  /** Of the named payments. */
  allocations: readonly AllocationRow[];
  lastSeq: number;
}

/** What every move says about itself. */
export interface BookMove {
  cause: string;
  branch: string;
  /** Of the cash account, after the posting. */
  balance: bigint;
  /** Date of whatever has to be carried. */
  day: string;
  /** The branch's billing run is on: nothing is put on bills until it is over. */
  frozen: boolean;
}

export class BillBook {
  readonly subscriberId: string;
  readonly added: AllocationRow[] = [];
  private readonly bills: Map<string, BillRow>;
  private readonly funds: Map<string, FundRow>;
  private readonly allocations: AllocationRow[];
  private readonly touched = new Set<BillRow | FundRow>();
  private seq: number;

  constructor(rows: BookRows) {
    this.subscriberId = rows.subscriberId;
    this.bills = new Map(rows.bills.map((bill) => [bill.billNo, { ...bill }]));
    this.funds = new Map(rows.funds.map((fund) => [fund.paymentNo, { ...fund }]));
    this.allocations = [...rows.allocations];
    this.seq = rows.lastSeq;
  }

  open(): bigint {
    return total(this.bills.values(), (bill) => bill.open);
  }

  free(): bigint {
    return total(this.funds.values(), (fund) => fund.free);
  }

  /** How much of bills is open again when this is taken back of a payment. */
  reopens(paymentNo: string, amount: bigint): bigint {
    const fund = this.funds.get(paymentNo);
    return fund && amount > fund.free ? smaller(amount - fund.free, this.paidBy(paymentNo)) : 0n;
  }

  credit(paymentNo: string, amount: bigint, move: BookMove): void {
    this.addFund(paymentNo, amount, move);
    this.settle(move);
  }

  issue(bill: Omit<BillRow, 'open' | 'waiting'>, move: BookMove): void {
    this.addBill(bill, move.frozen);
    this.settle(move);
  }

  takeBack(paymentNo: string, amount: bigint, move: BookMove): void {
    const fund = this.funds.get(paymentNo);
    if (fund) this.take(fund, smaller(amount, fund.amount - fund.taken), move.cause);
    this.settle(move);
  }

  /** What was taken back comes again. */
  giveBack(paymentNo: string, amount: bigint, move: BookMove): void {
    const fund = this.funds.get(paymentNo);
    if (fund) {
      const back = smaller(amount, fund.taken);
      fund.taken -= back;
      fund.free += back;
      this.touched.add(fund);
    }
    this.settle(move);
  }

  /** Squares the book with the balance and puts what is free on what is open. */
  settle(move: BookMove): void {
    const drift = move.balance - (this.free() - this.open());
    const name = `carried/${move.cause}`;
    if (drift > 0n) this.addFund(name, drift, move);
    if (drift < 0n) {
      const bill = { billNo: name, branch: move.branch, period: move.day.slice(0, 7), amount: -drift, dueOn: move.day };
      this.addBill(bill, move.frozen);
    }
    if (!move.frozen) this.match(move.cause);
  }

  changedBills(): BillRow[] {
    return [...this.bills.values()].filter((bill) => this.touched.has(bill));
  }

  changedFunds(): FundRow[] {
    return [...this.funds.values()].filter((fund) => this.touched.has(fund));
  }

  private take(fund: FundRow, amount: bigint, cause: string): void {
    let rest = amount - smaller(amount, fund.free);
    fund.free -= amount - rest;
    fund.taken += amount;
    this.touched.add(fund);
    for (const { billNo, paid } of this.newestFirst(fund.paymentNo)) {
      if (rest === 0n) return;
      const off = smaller(rest, paid);
      this.allocate(billNo, fund.paymentNo, -off, cause);
      rest -= off;
    }
  }

  private match(cause: string): void {
    const bills = [...this.bills.values()].filter((bill) => bill.open > 0n).sort(olderBill);
    for (const fund of this.funds.values()) {
      for (const bill of bills) {
        const amount = smaller(fund.free, bill.open);
        if (amount === 0n) continue;
        fund.free -= amount;
        this.allocate(bill.billNo, fund.paymentNo, amount, cause);
      }
      this.stopWaiting(fund);
    }
    for (const bill of this.bills.values()) this.stopWaiting(bill);
  }

  private allocate(billNo: string, paymentNo: string, amount: bigint, cause: string): void {
    const bill = this.bills.get(billNo);
    if (!bill) throw new Error(`bill ${billNo} was not read`);
    bill.open -= amount;
    this.touched.add(bill);
    const fund = this.funds.get(paymentNo);
    if (fund) this.touched.add(fund);
    const row: AllocationRow = { seq: ++this.seq, billNo, paymentNo, amount, cause };
    this.allocations.push(row);
    this.added.push(row);
  }

  private stopWaiting(row: BillRow | FundRow): void {
    if (!row.waiting) return;
    row.waiting = false;
    this.touched.add(row);
  }

  private addFund(paymentNo: string, amount: bigint, { branch, frozen }: BookMove): void {
    const fund = { paymentNo, branch, amount, free: amount, taken: 0n, waiting: frozen };
    this.funds.set(paymentNo, fund);
    this.touched.add(fund);
  }

  private addBill(bill: Omit<BillRow, 'open' | 'waiting'>, frozen: boolean): void {
    const row = { ...bill, open: bill.amount, waiting: frozen };
    this.bills.set(row.billNo, row);
    this.touched.add(row);
  }

  private paidBy(paymentNo: string): bigint {
    return total(this.newestFirst(paymentNo), ({ paid }) => paid);
  }

  /** The bills that a payment pays now, the one it was put on last first. */
  private newestFirst(paymentNo: string): { billNo: string; paid: bigint }[] {
    const bills = new Map<string, { billNo: string; paid: bigint; last: number }>();
    for (const { billNo, amount, seq, paymentNo: by } of this.allocations) {
      if (by !== paymentNo) continue;
      const known = bills.get(billNo) ?? { billNo, paid: 0n, last: 0 };
      bills.set(billNo, { billNo, paid: known.paid + amount, last: amount > 0n ? seq : known.last });
    }
    return [...bills.values()].filter(({ paid }) => paid > 0n).sort((a, b) => b.last - a.last);
  }
}

const olderBill = (a: BillRow, b: BillRow): number => (ageOf(a) < ageOf(b) ? -1 : 1);
const ageOf = ({ dueOn, period, billNo }: BillRow): string => `${dueOn} ${period} ${billNo}`;
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

function total<T>(rows: Iterable<T>, of: (row: T) => bigint): bigint {
  let sum = 0n;
  for (const row of rows) sum += of(row);
  return sum;
}

import * as fc from 'fast-check';
import { BillBook, type BookMove } from './bill-book';

const empty = () => new BillBook({ subscriberId: 's1', bills: [], funds: [], allocations: [], lastSeq: 0 });
const bill = (billNo: string, amount: bigint, dueOn: string) => {
  return { billNo, branch: '420000', period: dueOn.slice(0, 7), amount, dueOn };
};
const move = (cause: string, balance: bigint, frozen = false): BookMove => {
  return { cause, branch: '420000', balance, day: '2026-11-22', frozen };
};
const rows = (book: BillBook) => book.added.map(({ billNo, paymentNo, amount }) => [billNo, paymentNo, amount]);
const open = (book: BillBook) => Object.fromEntries(book.changedBills().map((one) => [one.billNo, one.open]));

describe('the bills of one subscriber', () => {
  /** Issued in the wrong order; October is due first. */
  function twoBills(): BillBook {
    const book = empty();
    book.issue(bill('nov', 3000n, '2026-12-15'), move('b1', -3000n));
    book.issue(bill('oct', 5000n, '2026-11-15'), move('b2', -8000n));
    return book;
  }

  test('a payment settles the oldest first, and the rest stays', () => {
    const book = twoBills();
    book.credit('p1', 10_000n, move('p1', 2000n));
    expect(rows(book)).toEqual([
      ['oct', 'p1', 5000n],
      ['nov', 'p1', 3000n],
    ]);
    expect([open(book), book.free()]).toEqual([{ oct: 0n, nov: 0n }, 2000n]);
  });

  test('taken back: the free part first, then off the bills newest first, which are open again', () => {
    const book = twoBills();
    book.credit('p1', 10_000n, move('p1', 2000n));
    expect(book.reopens('p1', 6000n)).toBe(4000n);
    book.takeBack('p1', 6000n, move('r1', -4000n));
    expect(rows(book).slice(2)).toEqual([
      ['nov', 'p1', -3000n],
      ['oct', 'p1', -1000n],
    ]);
    expect([open(book), book.free()]).toEqual([{ oct: 1000n, nov: 3000n }, 0n]);
    book.giveBack('p1', 6000n, move('v1', 2000n));
    expect([open(book), book.free()]).toEqual([{ oct: 0n, nov: 0n }, 2000n]);
  });

  test('what is free pays the next bill as soon as it is issued', () => {
    const book = empty();
    book.credit('p1', 2000n, move('p1', 2000n));
    book.issue(bill('nov', 8000n, '2026-12-15'), move('b1', -6000n));
    expect([rows(book), open(book)]).toEqual([[['nov', 'p1', 2000n]], { nov: 6000n }]);
  });

  test('during the billing run nothing is put on bills; afterwards everything is', () => {
    const book = twoBills();
    book.credit('p1', 4000n, move('p1', -4000n, true));
    expect([book.added, book.open(), book.free()]).toEqual([[], 8000n, 4000n]);
    expect(book.changedFunds()).toMatchObject([{ waiting: true }]);
    book.settle(move('run', -4000n));
    expect([rows(book), open(book)]).toEqual([[['oct', 'p1', 4000n]], { oct: 1000n, nov: 3000n }]);
    expect(book.changedFunds()).toMatchObject([{ waiting: false }]);
  });

  test('what the book does not know of is carried, so that it agrees with the balance', () => {
    const owing = empty();
    owing.credit('p1', 5000n, move('p1', 2000n));
    expect([rows(owing), owing.free()]).toEqual([[['carried/p1', 'p1', 3000n]], 2000n]);
    const rich = empty();
    rich.issue(bill('nov', 3000n, '2026-12-15'), move('b1', 4000n));
    expect([rows(rich), rich.free()]).toEqual([[['nov', 'carried/b1', 3000n]], 4000n]);
  });

  const step = fc.record({
    what: fc.constantFrom('issue', 'credit', 'takeBack', 'undo', 'settle', 'usage'),
    amount: fc.bigInt({ min: 1n, max: 5000n }),
    which: fc.nat(9),
    frozen: fc.boolean(),
  });

  test('whatever happens: nothing negative, rows explain bills and payments, free less open is the balance', () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const book = empty();
        let balance = 0n;
        const paid: { no: string; left: bigint }[] = [];
        const taken: { no: string; amount: bigint }[] = [];
        steps.forEach(({ what, amount, which, frozen }, n) => {
          const at = () => move(`k${n}`, balance, frozen);
          const payment = paid[which % Math.max(paid.length, 1)];
          if (what === 'usage') balance -= amount; // moves the account without the book
          if (what === 'issue') {
            balance -= amount;
            book.issue(bill(`b${n}`, amount, `2026-11-${10 + which}`), at());
          }
          if (what === 'credit') {
            balance += amount;
            paid.push({ no: `p${n}`, left: amount });
            book.credit(`p${n}`, amount, at());
          }
          if (what === 'takeBack' && payment && payment.left > 0n) {
            const back = amount < payment.left ? amount : payment.left;
            balance -= back;
            payment.left -= back;
            taken.push({ no: payment.no, amount: back });
            book.takeBack(payment.no, back, at());
          }
          const undone = what === 'undo' ? taken.pop() : undefined;
          if (undone) {
            balance += undone.amount;
            const of = paid.find(({ no }) => no === undone.no);
            if (of) of.left += undone.amount;
            book.giveBack(undone.no, undone.amount, at());
          }
          if (what === 'settle') book.settle(at());
          if (what !== 'usage' && book.added.length + paid.length > 0) check(book);
        });
        book.settle(move('end', balance));
        check(book);
        expect(book.free() - book.open()).toBe(balance);
        expect(book.free() === 0n || book.open() === 0n).toBe(true);
      }),
      { numRuns: 300 },
    ));

  function check(book: BillBook): void {
    const put = (of: 'billNo' | 'paymentNo', name: string) =>
      book.added.filter((row) => row[of] === name).reduce((sum, { amount }) => sum + amount, 0n);
    const bills = book
      .changedBills()
      .every((one) => one.open >= 0n && one.amount - one.open === put('billNo', one.billNo));
    const funds = book
      .changedFunds()
      .every((one) => one.free >= 0n && one.amount - one.taken - one.free === put('paymentNo', one.paymentNo));
    expect([bills, funds]).toEqual([true, true]);
  }
});

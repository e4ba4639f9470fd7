import type { ProviderCode } from '../demo/demo-file';
import { Agreements } from './agreements';
import type { BankBook } from './bank-book';
import { Cashiers } from './cashiers';
import type { Damage } from './damage';
import { Debits } from './debits';
import type { FaultRule } from './faults';
import { Refunds } from './refunds';
import { type Callbacks, Settler } from './settler';
import { contractFee, statementFile } from './statement';
import type { StatementLine } from './statement-line';
import { dayAfter, type StatementSource } from './statement-source';

/** One bank: its orders, its agreements, its accounting day. */
export class Bank implements StatementSource {
  readonly settler: Settler;
  readonly debits: Debits;
  readonly cashiers: Cashiers;
  readonly refunds: Refunds;
  readonly agreements: Agreements;

  constructor(
    readonly code: ProviderCode,
    readonly book: BankBook,
    callbacks: Callbacks,
    pagesUrl: string,
  ) {
    this.settler = new Settler(book, callbacks);
    this.debits = new Debits(book, this.settler);
    this.cashiers = new Cashiers(book, this.settler, pagesUrl);
    this.refunds = new Refunds(book);
    this.agreements = new Agreements(book, callbacks, pagesUrl);
  }

  get date(): string {
    return this.book.date;
  }

  /** Cut-off: what happens from now on belongs to the day after. A date that is over is left alone. */
  cut(date: string): void {
    if (date === this.book.date) this.book.put({ t: 'date', date: dayAfter(date) });
  }

  wish(rule: FaultRule): void {
    this.book.put({ t: 'rules', rules: [...this.book.rules.filter((r) => r.id !== rule.id), rule] });
  }

  unwish(id: string): void {
    this.book.put({ t: 'rules', rules: this.book.rules.filter((rule) => rule.id !== id) });
  }

  damage(date: string, damages: Damage[]): void {
    this.book.put({ t: 'damage', date, damages });
  }

  /** Null: nothing happened that day. Only for dates before the current one. */
  statement(date: string): string | null {
    return statementFile(this.code, date, this.lines(date), this.book.damages.get(date));
  }

  private lines(date: string): StatementLine[] {
    const paid = [...this.book.orders.values()].filter((order) => order.status === 'succeeded' && order.date === date);
    const returned = [...this.book.refunds.values()].filter((r) => r.status === 'succeeded' && r.date === date);
    return [
      ...paid.map((order): StatementLine => {
        const amount = BigInt(order.amount);
        const undone = returned.some((r) => r.kind === 'reversal' && r.attemptNo === order.attemptNo);
        const fee = undone ? 0n : contractFee(this.code, amount);
        return { kind: 'PAY', ourNo: order.attemptNo, txnId: order.txnId, origTxnId: '', amount, fee, at: order.at };
      }),
      ...returned.map((refund): StatementLine => ({
        kind: refund.kind === 'refund' ? 'REFUND' : 'REVERSAL',
        ourNo: refund.refundNo,
        txnId: refund.txnId,
        origTxnId: this.book.orders.get(refund.attemptNo)?.txnId ?? '',
        amount: -BigInt(refund.amount),
        fee: 0n,
        at: refund.at,
      })),
    ];
  }
}

import type { BreakClass } from '@yidian/contracts';
import type { BookService, Fact } from '../books/fact';
import type { LineKind, StatementLine } from '../statements/statement';
import type { PriorLine } from './group';

/** Writes payments' histories for tests: consistent by default, damaged on purpose one by one. */
export const DAY = '2026-11-22';
export const BEFORE = '2026-11-21';
export const AFTER = '2026-11-23';
export const PROVIDER = 'bank_a';

export const contractFee = (amount: bigint): bigint => (amount * 6n + 500n) / 1000n;

export class History {
  readonly facts: Fact[] = [];
  readonly lines: StatementLine[] = [];
  readonly prior: PriorLine[] = [];
  readonly expected: { class: BreakClass; key: string }[] = [];
  private count = 0;
  private seq = 0n;

  payment(amount: bigint): PaymentHistory {
    this.count += 1;
    return new PaymentHistory(this, `261122${String(this.count).padStart(14, '0')}`, amount);
  }

  fact(service: BookService, fact: Pick<Fact, 'kind' | 'paymentNo' | 'amount'> & Partial<Fact>): void {
    this.seq += 1n;
    this.facts.push({
      service,
      laneId: Number(this.seq % 3n) + 1,
      seq: this.seq,
      provider: PROVIDER,
      bookDate: DAY,
      businessDate: null,
      refNo: '',
      providerTxnId: '',
      currency: 'CNY',
      branch: '420000',
      acquiringBranch: '440000',
      channel: 'sms',
      partner: '',
      occurredAt: `${DAY}T04:00:00.000Z`,
      ...fact,
    });
  }

  line(kind: LineKind, line: Pick<StatementLine, 'ourRef' | 'txnId' | 'amount'> & Partial<StatementLine>): void {
    this.lines.push({
      line: this.lines.length + 2,
      kind,
      origTxnId: '',
      fee: kind === 'payment' ? contractFee(line.amount) : 0n,
      currency: 'CNY',
      at: `${DAY}T12:00:00+08:00`,
      state: 'success',
      raw: 'raw',
      ...line,
    });
  }

  expect(cls: BreakClass, key: string): void {
    this.expected.push({ class: cls, key });
  }
}

export class PaymentHistory {
  readonly attempt: string;
  readonly txn: string;

  constructor(
    readonly day: History,
    readonly no: string,
    readonly amount: bigint,
  ) {
    this.attempt = `${no}01`;
    this.txn = `T${no}`;
  }

  gateway(kind: Fact['kind'], more: Partial<Fact> = {}): this {
    const paid = kind === 'paid' ? { providerTxnId: this.txn } : {};
    this.day.fact('gateway', { kind, paymentNo: this.no, refNo: this.attempt, amount: this.amount, ...paid, ...more });
    return this;
  }

  billing(kind: Fact['kind'], more: Partial<Fact> = {}): this {
    this.day.fact('billing', { kind, paymentNo: this.no, amount: this.amount, ...more });
    return this;
  }

  pay(more: Partial<StatementLine> = {}): this {
    this.day.line('payment', { ourRef: this.attempt, txnId: this.txn, amount: this.amount, ...more });
    return this;
  }

  back(kind: 'refund' | 'reversal', ourRef: string, amount: bigint, more: Partial<StatementLine> = {}): this {
    this.day.line(kind, { ourRef, txnId: `X${ourRef}`, origTxnId: this.txn, amount: -amount, ...more });
    return this;
  }

  /** An earlier run's line of this payment. */
  before(kind: LineKind = 'payment'): this {
    const { no, txn, amount } = this;
    const id = `prior-${kind}-${no}`;
    this.day.prior.push({ itemId: id, date: BEFORE, kind, paymentNo: no, refNo: this.attempt, txnId: txn, amount });
    return this;
  }

  completed(): this {
    return this.gateway('submitted').gateway('paid').billing('credited').pay();
  }

  expect(cls: BreakClass): void {
    this.day.expect(cls, this.no);
  }
}

import type { FactKind } from '@yidian/contracts';
import type { FactInput, LaneTx } from '@yidian/journal';
import { nextDue } from './ladder';
import { paymentId } from './numbers';
import type { AttemptRow, EventRow, HistoryRow, KeyRow, PaymentRow, ReferenceRow, RefundRow } from './payment.rows';
import type { CreditState, PaymentState } from './payment.schema';
import { canMove, canMoveCredit, OPEN_STATES, REFUND_MOVES, type RefundState } from './payment.states';
import { paymentView } from './payment.view';

/** A message to a person that a move causes; written beside the move, sent later. */
export interface Notice {
  payment: PaymentRow;
  /** State the payment came from, for the choice of words. */
  from: PaymentState;
  refund: RefundRow | null;
}

/** Limits of what pays, locked with the batch. */
export interface LimitRow {
  id: string;
  state: string;
  limit_payment: bigint;
  limit_day: bigint;
  limit_month: bigint;
}

/** Rows of one batch: loaded once under lock, changed in memory by the rules, written once at its end. */
export class WorkingSet {
  readonly payments = new Map<string, PaymentRow>();
  readonly attempts = new Map<string, AttemptRow>();
  readonly refunds = new Map<string, RefundRow>();
  readonly keys = new Map<string, KeyRow>();
  readonly answered = new Set<string>();
  readonly references = new Map<string, ReferenceRow>();
  readonly agreements = new Map<string, LimitRow>();
  readonly linked = new Map<string, LimitRow>();
  readonly usage = new Map<string, bigint>();
  /** Key → hash of its input. */
  readonly resolutions = new Map<string, string>();

  /** Rows that are new, and rows that were loaded and have changed. */
  readonly added = { payments: new Set<PaymentRow>(), attempts: new Set<AttemptRow>(), refunds: new Set<RefundRow>() };
  readonly changed = {
    payments: new Set<PaymentRow>(),
    attempts: new Set<AttemptRow>(),
    refunds: new Set<RefundRow>(),
  };
  readonly history: HistoryRow[] = [];
  readonly events: EventRow[] = [];
  readonly notices: Notice[] = [];
  readonly newKeys: KeyRow[] = [];
  readonly newReferences: ReferenceRow[] = [];
  readonly newAnswers: { scope: string; k: string; status: number; body: string; created_at: Date }[] = [];
  readonly usageDelta = new Map<string, bigint>();

  constructor(
    private readonly tx: LaneTx,
    readonly livemode: boolean,
  ) {}

  get now(): Date {
    return this.tx.now;
  }

  bookDate(provider: string): string {
    return this.tx.bookDate(provider);
  }

  addPayment(row: PaymentRow): void {
    this.payments.set(row.payment_no, row);
    this.added.payments.add(row);
  }

  addAttempt(row: AttemptRow): void {
    this.attempts.set(row.attempt_no, row);
    this.added.attempts.add(row);
  }

  addRefund(row: RefundRow): void {
    this.refunds.set(row.refund_no, row);
    this.added.refunds.add(row);
  }

  refundsOf(paymentNo: string): RefundRow[] {
    return [...this.refunds.values()].filter((refund) => refund.payment_no === paymentNo);
  }

  /** The one place where a payment's state changes: by the table, with its history row, its date and its event. */
  move(payment: PaymentRow, to: PaymentState, evidence: string, refund: RefundRow | null = null): void {
    const from = payment.state;
    if (!canMove(from, to)) throw new Error(`payment state: ${from} does not lead to ${to}`);
    payment.state = to;
    payment.tries = 0;
    payment.due_at = dueAfter(payment, this.now);
    this.log(payment, from, payment.credit_state, evidence);
    const event = EVENTS[to];
    if (event && payment.partner !== '') this.event(payment, event, from);
    // Copies: what is told is what this move made, whatever the batch does to the payment afterwards.
    this.notices.push({ payment: { ...payment }, from, refund: refund && { ...refund } });
  }

  moveCredit(payment: PaymentRow, to: CreditState, evidence: string): void {
    const from = payment.credit_state;
    if (from === to) return;
    if (!canMoveCredit(from, to)) throw new Error(`credit state: ${from} does not lead to ${to}`);
    payment.credit_state = to;
    this.log(payment, payment.state, from, evidence);
  }

  moveRefund(refund: RefundRow, to: RefundState): void {
    if (!REFUND_MOVES[refund.state].includes(to))
      throw new Error(`refund state: ${refund.state} does not lead to ${to}`);
    refund.state = to;
    refund.tries = 0;
    refund.due_at = this.now;
    this.touchRefund(refund);
  }

  touch(payment: PaymentRow): void {
    payment.updated_at = this.now;
    if (!this.added.payments.has(payment)) this.changed.payments.add(payment);
  }

  touchAttempt(attempt: AttemptRow): void {
    if (!this.added.attempts.has(attempt)) this.changed.attempts.add(attempt);
  }

  touchRefund(refund: RefundRow): void {
    refund.updated_at = this.now;
    if (!this.added.refunds.has(refund)) this.changed.refunds.add(refund);
  }

  /** @param refNo attempt, refund or reversal number */
  fact(payment: PaymentRow, kind: FactKind, refNo: string, over: Partial<FactInput> = {}): void {
    this.tx.addFacts([
      {
        provider: payment.provider,
        kind,
        paymentNo: payment.payment_no,
        refNo,
        providerTxnId: payment.provider_txn_id,
        amount: payment.charged,
        currency: payment.currency,
        branch: payment.branch,
        acquiringBranch: payment.acquiring_branch,
        channel: payment.channel,
        partner: payment.partner,
        businessDate: null,
        occurredAt: this.now,
        ...over,
      },
    ]);
  }

  use(owner: string, period: string, amount: bigint): void {
    const key = usageKey(owner, period);
    this.usage.set(key, (this.usage.get(key) ?? 0n) + amount);
    this.usageDelta.set(key, (this.usageDelta.get(key) ?? 0n) + amount);
  }

  event(
    payment: PaymentRow,
    type: string,
    previous: string | null,
    object: object = paymentView(payment, this.livemode),
  ): void {
    this.events.push({
      partner: payment.partner,
      object_id: paymentId(payment.payment_no),
      sequence: payment.version,
      type,
      previous_state: previous,
      body: JSON.stringify(object),
      created_at: this.now,
    });
  }

  private log(payment: PaymentRow, from: string, creditFrom: string, evidence: string): void {
    payment.version++;
    this.touch(payment);
    this.history.push({
      payment_no: payment.payment_no,
      day: payment.day,
      n: payment.version,
      from_state: from,
      to_state: payment.state,
      credit_from: creditFrom,
      credit_to: payment.credit_state,
      evidence: evidence.slice(0, 300),
      at: this.now,
    });
  }
}

export const usageKey = (owner: string, period: string): string => `${owner} ${period}`;

const EVENTS: Partial<Record<PaymentState, string>> = {
  completed: 'payment.completed',
  declined: 'payment.declined',
  unknown: 'payment.unknown',
  closed: 'payment.closed',
  rejected: 'payment.rejected',
  reversed: 'payment.reversed',
  refunded: 'payment.refunded',
  partially_refunded: 'payment.refunded',
};

/** Open states keep a date, so that the sweep finds them; a payment being undone is driven by its refund row instead. */
function dueAfter(payment: PaymentRow, now: Date): Date | null {
  if (!OPEN_STATES.includes(payment.state)) return null;
  if (payment.state === 'refunding' || payment.state === 'reversing') return null;
  return nextDue(now, 0);
}

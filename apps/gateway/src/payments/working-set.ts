import type { FactKind } from '@yidian/contracts';
import type { FactInput, LaneTx } from '@yidian/journal';
import type { DecisionRow } from '../routing/route';
import { paymentId } from './numbers';
import type {
  AttemptRow,
  EventRow,
  HistoryRow,
  KeyRow,
  PaymentRow,
  ReferenceRow,
  RefundRow,
  ReturnRow,
} from './payment.rows';
import type { CreditState, PaymentState } from './payment.schema';
import { factOf } from './payment-fact';
import { dueAfter, EVENTS } from './payment-news';
import {
  canMove,
  canMoveCredit,
  REFUND_MOVES,
  RETURN_MOVES,
  type RefundState,
  type ReturnState,
} from './payment.states';
import { paymentView } from './payment.view';
import { followsStraight, isStraight, straightMove } from './straight-move';
import type { DoubtSeed, LimitRow, Notice, ObjectEvent, SeenRow } from './working-rows';

/** Rows of one batch: loaded once under lock, changed in memory by the rules, written once at its end. */
export class WorkingSet {
  readonly payments = new Map<string, PaymentRow>();
  readonly seen = new Map<string, SeenRow>();
  readonly attempts = new Map<string, AttemptRow>();
  readonly refunds = new Map<string, RefundRow>();
  readonly returns = new Map<string, ReturnRow>();
  readonly keys = new Map<string, KeyRow>();
  readonly answered = new Set<string>();
  readonly references = new Map<string, ReferenceRow>();
  readonly agreements = new Map<string, LimitRow>();
  readonly linked = new Map<string, LimitRow>();
  readonly usage = new Map<string, bigint>();
  /** Key → hash of its input. */
  readonly resolutions = new Map<string, string>();

  /** Rows that are new, and rows that were loaded and have changed. */
  readonly added = {
    payments: new Set<PaymentRow>(),
    attempts: new Set<AttemptRow>(),
    refunds: new Set<RefundRow>(),
    returns: new Set<ReturnRow>(),
  };
  readonly changed = {
    payments: new Set<PaymentRow>(),
    attempts: new Set<AttemptRow>(),
    refunds: new Set<RefundRow>(),
    returns: new Set<ReturnRow>(),
  };
  /** Rows as they were loaded: only what has changed is written, and only if nobody else has moved it. */
  readonly before = new Map<object, Readonly<Record<string, unknown>>>();
  /** Rows that were not read: their UPDATE finds out whether they are still what their callers know. */
  readonly adopted = new Set<object>();
  readonly history: HistoryRow[] = [];
  /** What stood in the payment's row alone, now that it moves on; older rows of history have it already. */
  readonly straight: HistoryRow[] = [];
  readonly events: EventRow[] = [];
  readonly notices: Notice[] = [];
  readonly newKeys: KeyRow[] = [];
  readonly decisions: DecisionRow[] = [];
  readonly doubts: DoubtSeed[] = [];
  /** Attempts to whose place others came: a ladder of their own asks about them. */
  readonly replaced: AttemptRow[] = [];
  readonly newReferences: ReferenceRow[] = [];
  readonly newAnswers: { scope: string; k: string; status: number; body: string; created_at: Date }[] = [];
  /** Payments of chains of replacements. */
  readonly newChain: { root_no: string; payment_no: string }[] = [];
  readonly usageDelta = new Map<string, bigint>();
  /** What collecting partners gave back: by provider and book date. */
  readonly freed = new Map<string, bigint>();

  constructor(
    private readonly tx: LaneTx,
    readonly livemode: boolean,
    /** False for partners who neither are told of events nor may ask for them. */
    readonly hears: (partner: string) => boolean,
  ) {}

  get now(): Date {
    return this.tx.now;
  }

  bookDate(provider: string): string {
    return this.tx.bookDate(provider);
  }

  /** The payment is the row its caller knows: no need to read it again. */
  adopt(known: PaymentRow): void {
    const row = { ...known };
    this.payments.set(row.payment_no, row);
    this.before.set(row, known as unknown as Record<string, unknown>);
    this.adopted.add(row);
  }

  /** After everything is loaded, before anything is changed. */
  remember(): void {
    for (const rows of [this.payments, this.attempts, this.refunds, this.returns])
      for (const row of rows.values()) if (!this.before.has(row)) this.before.set(row, { ...row });
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

  addReturn(row: ReturnRow): void {
    this.returns.set(row.return_no, row);
    this.added.returns.add(row);
  }

  refundsOf(paymentNo: string): RefundRow[] {
    return [...this.refunds.values()].filter((refund) => refund.payment_no === paymentNo);
  }

  /** The one place where a payment's state changes: by the table, with its history, its date and its event. */
  move(payment: PaymentRow, to: PaymentState, evidence: string, refund: RefundRow | null = null): void {
    const from = payment.state;
    if (!canMove(from, to)) throw new Error(`payment state: ${from} does not lead to ${to}`);
    this.moved(payment, from, to, payment.credit_state, evidence);
    this.told(payment, from, refund);
  }

  /** Both states in one move: one version, at most one row of history. */
  settle(payment: PaymentRow, to: PaymentState, creditTo: CreditState, evidence: string): void {
    const { state: from, credit_state: creditFrom } = payment;
    if (!canMove(from, to)) throw new Error(`payment state: ${from} does not lead to ${to}`);
    if (!canMoveCredit(creditFrom, creditTo))
      throw new Error(`credit state: ${creditFrom} does not lead to ${creditTo}`);
    payment.credit_state = creditTo;
    this.moved(payment, from, to, creditFrom, evidence);
    this.told(payment, from, null);
  }

  /** A new payment that begins further on than `created`: its own row says when and how, there is no move to tell of. */
  begin(payment: PaymentRow, state: PaymentState, creditState: CreditState): void {
    if (!canMove(payment.state, state) || !canMoveCredit(payment.credit_state, creditState))
      throw new Error(`a payment does not begin as ${state}, ${creditState}`);
    payment.state = state;
    payment.credit_state = creditState;
    payment.version = 1;
    payment.due_at = dueAfter(payment, this.now);
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

  moveReturn(row: ReturnRow, to: ReturnState): void {
    if (!RETURN_MOVES[row.state].includes(to)) throw new Error(`return state: ${row.state} does not lead to ${to}`);
    row.state = to;
    row.tries = 0;
    row.due_at = to === 'taking' ? this.now : null;
    row.updated_at = this.now;
    if (!this.added.returns.has(row)) this.changed.returns.add(row);
  }

  /** Something is told of a payment that stays where it stands: a version and a history row of its own. */
  note(payment: PaymentRow, evidence: string): void {
    this.log(payment, payment.state, payment.credit_state, evidence);
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
  fact(payment: PaymentRow, kind: FactKind, refNo: string, over?: Partial<FactInput>): void {
    if (payment.funding === 'collected' && (kind === 'reversed' || kind === 'refunded')) {
      const from = usageKey(payment.provider, payment.book_date ?? payment.business_date ?? '');
      this.freed.set(from, (this.freed.get(from) ?? 0n) + (over?.amount ?? payment.charged));
    }
    const fact = factOf(payment, kind, refNo, this.now);
    this.tx.addFacts([over ? { ...fact, ...over } : fact]);
  }

  /** @returns false when the key is answered already: what is kept first stands. */
  keepAnswer({ scope, k, status, body }: { scope: string; k: string; status: number; body: string }): boolean {
    const name = `${scope} ${k}`;
    if (this.answered.has(name)) return false;
    this.answered.add(name);
    this.newAnswers.push({ scope, k, status, body, created_at: this.now });
    return true;
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

  /** News of something that is no payment. */
  objectEvent({ objectId: object_id, previousState: previous_state, ...event }: ObjectEvent): void {
    const { partner, sequence, type, body } = event;
    this.events.push({ partner, object_id, sequence, type, previous_state, body, created_at: this.now });
  }

  private moved(payment: PaymentRow, from: PaymentState, to: PaymentState, creditFrom: string, evidence: string): void {
    payment.state = to;
    payment.tries = 0;
    payment.due_at = dueAfter(payment, this.now);
    this.log(payment, from, creditFrom, evidence);
  }

  private told(payment: PaymentRow, from: PaymentState, refund: RefundRow | null): void {
    const event = EVENTS[payment.state];
    if (event && payment.partner !== '' && this.hears(payment.partner)) this.event(payment, event, from);
    // Copies: what is told is what this move made, whatever the batch does to the payment afterwards.
    if (payment.payer_sealed !== null)
      this.notices.push({ payment: { ...payment }, from, refund: refund && { ...refund } });
  }

  private log(payment: PaymentRow, from: string, creditFrom: string, evidence: string): void {
    const left = { from_state: from, credit_from: creditFrom };
    if (followsStraight(payment, left)) this.straight.push(straightMove(payment));
    payment.version++;
    this.touch(payment);
    if (isStraight(payment, left, evidence)) return;
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

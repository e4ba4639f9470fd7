import { Injectable } from '@nestjs/common';
import type { HoldAnswer } from '@yidian/contracts';
import {
  checkEcho,
  type OrderRef,
  type Outcome,
  type Queried,
  type RefundRequest,
  type Returned,
} from '@yidian/connectors/contract';
import { toDigits } from '@yidian/money';
import { Providers } from '../providers/providers';
import { BillingClient } from './billing.client';
import { CreditSteps } from './credit-steps';
import { echoOf } from './attempt-steps';
import type { AttemptRow, PaymentRow, RefundRow } from './payment.rows';
import { PaymentsReadStore } from './payments-read.store';
import type { RefundTold, RefundWord } from './rule-refund-news';
import { Tell } from './tell';

interface Pair {
  refund: RefundRow;
  payment: PaymentRow;
  /** Who holds the money that goes back: not the payment's own provider when it was taken twice. */
  provider: string;
  /** The second taking that goes back, if it is one. */
  second: AttemptRow | null;
}

/**
 * Money back, one step at a time: hold the subscriber's value, then ask the provider, then post or free the hold. Nothing
 * is undone while the credit is unknown: it is settled first.
 */
@Injectable()
export class RefundSteps {
  constructor(
    private readonly billing: BillingClient,
    private readonly credits: CreditSteps,
    private readonly providers: Providers,
    private readonly store: PaymentsReadStore,
    private readonly teller: Tell,
  ) {}

  /** Goes on until somebody else has to answer. */
  async advance(refundNo: string): Promise<RefundRow | undefined> {
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const pair = await this.load(refundNo);
      if (!pair) return undefined;
      const { state, hold, version } = { ...pair.refund, version: `${pair.refund.state}/${pair.refund.hold}` };
      const after = await this.step(pair, state, hold);
      if (`${after.state}/${after.hold}` === version) return after;
    }
    return (await this.load(refundNo))?.refund;
  }

  /**
   * A callback's word about a refund.
   * @throws Error when it could not be written: the callback keeps its date, for nobody asks about a refund that has ended
   */
  async hear(refund: RefundRow, answer: Outcome<Returned>, evidence: string): Promise<void> {
    const word = wordOf(checkEcho<Returned, Outcome<Returned>>(sumOf(refund), answer));
    if (word && !(await this.write(refund, word, evidence)))
      throw new Error('what a callback says could not be written');
  }

  /** A person's word about what the provider did, on evidence. */
  async decide(
    refund: RefundRow,
    word: Extract<RefundWord, { word: 'succeeded' | 'failed' }>,
    evidence: string,
  ): Promise<RefundRow> {
    await this.tell(refund, word, evidence);
    return (await this.advance(refund.refund_no)) ?? refund;
  }

  private step(pair: Pair, state: RefundRow['state'], hold: RefundRow['hold']): Promise<RefundRow> {
    if (state === 'requested') return this.hold(pair);
    if (state === 'held') return this.submit(pair);
    if (state === 'submitted' || state === 'unknown') return this.ask(pair);
    if (hold === 'posting') return this.resolve(pair, 'post');
    if (hold === 'voiding') return this.resolve(pair, 'void');
    return Promise.resolve(pair.refund);
  }

  private async hold(pair: Pair): Promise<RefundRow> {
    let { payment } = pair;
    const { refund } = pair;
    if (payment.credit_state === 'requested' || payment.credit_state === 'unknown')
      payment = await this.credits.giveUp(payment);
    if (payment.credit_state !== 'credited') {
      const settled = payment.credit_state === 'voided' || payment.credit_state === 'rejected';
      return settled ? this.tell(refund, { word: 'nothing_to_hold' }, 'the credit was never given') : refund;
    }
    const answer = await this.billing.hold({
      key: refund.refund_no,
      paymentNo: payment.payment_no,
      kind: refund.kind,
      amount: toDigits(refund.amount ?? 0n),
      currency: 'CNY',
    });
    const word = holdWord(answer);
    return word ? this.tell(refund, word, 'hold') : refund;
  }

  /** A reversal's money is already back with the payer: the partner that asks has given it. */
  private async submit(pair: Pair): Promise<RefundRow> {
    const { refund } = pair;
    if (refund.kind === 'reversal') {
      const word: RefundWord = { word: 'succeeded', providerTxnId: '', businessDate: null, at: new Date() };
      return this.tell(refund, word, 'reversed by the partner');
    }
    const submitted = await this.tell(refund, { word: 'submitted' }, 'refund submitted');
    if (submitted.state !== 'submitted') return refund;
    return this.send({ ...pair, refund: submitted });
  }

  private async send(pair: Pair): Promise<RefundRow> {
    const { connector } = this.providers.get(pair.provider);
    const answer = await connector.refund(await this.requestOf(pair));
    return this.tell(pair.refund, wordOf(answer), 'answer');
  }

  /** Not known there: the same number is sent again; the provider gives once under it. */
  private async ask(pair: Pair): Promise<RefundRow> {
    const { connector } = this.providers.get(pair.provider);
    const answer = await connector.queryRefund(await this.requestOf(pair));
    if (answer.outcome === 'not_found' || answer.outcome === 'not_executed') return this.send(pair);
    return this.tell(pair.refund, wordOf(answer), 'query');
  }

  private async resolve({ refund, payment }: Pair, action: 'post' | 'void'): Promise<RefundRow> {
    const answer = await this.billing.resolveHold({ key: refund.refund_no, paymentNo: payment.payment_no, action });
    if (answer.outcome === 'posted') return this.tell(refund, { word: 'hold_posted' }, 'hold');
    if (answer.outcome === 'voided') return this.tell(refund, { word: 'hold_voided' }, 'hold');
    return refund;
  }

  private async requestOf({ refund, payment, second }: Pair): Promise<RefundRequest> {
    return {
      ...sumOf(refund),
      kind: 'refund',
      orderedAt: refund.created_at,
      providerTxnId: refund.provider_txn_id,
      original: second ? echoOf(second) : await this.originalOf(payment),
    };
  }

  private async load(refundNo: string): Promise<Pair | undefined> {
    const refund = await this.store.refund(refundNo);
    const payment = refund?.payment_no ? await this.store.find(refund.payment_no) : undefined;
    if (!refund || !payment) return undefined;
    const second = refund.attempt_no === null ? null : await this.store.attempt(refund.attempt_no);
    if (second === undefined) throw new Error(`refund ${refundNo} names an attempt that is not there`);
    return { refund, payment, provider: (second ?? payment).provider, second };
  }

  private async originalOf(payment: PaymentRow): Promise<OrderRef> {
    const attempts = payment.funding === 'collected' ? [] : await this.store.attemptsOf(payment.payment_no);
    return originalOf(payment, attempts);
  }

  private async tell(refund: RefundRow, word: RefundWord | null, evidence: string): Promise<RefundRow> {
    return (word && (await this.write(refund, word, evidence))?.refund) ?? refund;
  }

  private write(refund: RefundRow, word: RefundWord, evidence: string): Promise<RefundTold | undefined> {
    const { payment_no: paymentNo, refund_no: refundNo, attempt_no: attemptNo } = refund;
    return this.teller.tell({ do: 'refund_news', paymentNo: paymentNo ?? '', refundNo, attemptNo, word, evidence });
  }
}

const MAX_STEPS = 8;

const sumOf = (refund: RefundRow) => ({
  orderNo: refund.refund_no,
  amount: refund.amount ?? 0n,
  currency: refund.currency ?? 'CNY',
});

/** A partner that collected knows the payment by its own number; whom we asked knows it by the attempt's. */
function originalOf(payment: PaymentRow, attempts: readonly AttemptRow[]): OrderRef {
  const taken = attempts.filter(({ provider }) => provider === payment.provider).at(-1);
  if (taken) return { ...echoOf(taken), providerTxnId: payment.provider_txn_id };
  return {
    orderNo: payment.payment_no,
    amount: payment.charged,
    currency: payment.currency,
    orderedAt: payment.created_at,
    providerTxnId: payment.provider_txn_id,
  };
}

function holdWord(answer: HoldAnswer): RefundWord | null {
  switch (answer.outcome) {
    case 'held':
    case 'posted':
      return { word: 'held' };
    case 'rejected':
    case 'conflict':
    case 'voided':
      return { word: 'hold_refused', code: answer.reason ?? 'state_conflict' };
    case 'busy':
    case 'unknown':
    case 'not_found':
      return null;
  }
}

/** Not executed: it stays submitted and is sent again under the same number. */
function wordOf(answer: Queried<Returned>): RefundWord | null {
  switch (answer.outcome) {
    case 'succeeded': {
      const { providerTxnId, businessDate, completedAt } = answer;
      return { word: 'succeeded', providerTxnId, businessDate, at: completedAt };
    }
    case 'declined':
      return { word: 'failed', code: answer.reason };
    case 'unknown':
      return { word: 'unknown' };
    case 'pending':
    case 'not_executed':
    case 'not_found':
      return null;
  }
}

import { Injectable } from '@nestjs/common';
import { toDigits } from '@yidian/money';
import { RestAgreement } from '../agreements/rest-agreement';
import { BillingClient } from './billing.client';
import { dayOf, type AttemptRow, type PaymentRow, type ReturnRow } from './payment.rows';
import { PaymentsReadStore } from './payments-read.store';
import { Tell } from './tell';

/** A return as a callback or a resolution tells it. */
export interface HeardReturn {
  /** As the provider names it; '' when it does not. */
  providerTxnId: string;
  amount: bigint;
  currency: string;
  reason: string;
  actor: string;
  evidence: string;
  businessDate: string | null;
  occurredAt: Date;
  /** A statement told it: its book shows it, and billing knows it by the resolution's key. */
  byResolution: string | null;
}

/**
 * The provider took money back by itself. The payment follows, its agreement rests, and the credit is taken back at billing
 * past the balance if need be; what billing does not answer is asked again under the same key, for as long as it takes.
 */
@Injectable()
export class ReturnSteps {
  constructor(
    private readonly billing: BillingClient,
    private readonly rest: RestAgreement,
    private readonly store: PaymentsReadStore,
    private readonly teller: Tell,
  ) {}

  /**
   * @param second the attempt whose money it was, when the payment stands on another one
   * @returns undefined when it could not be written now: whoever told it tells it again
   */
  async hear(
    payment: PaymentRow,
    heard: HeardReturn,
    second: AttemptRow | null = null,
  ): Promise<ReturnRow | undefined> {
    const told = await this.write(payment, await this.rowOf(payment, heard, second), second);
    return told && this.advance(told);
  }

  /** Goes on until somebody else has to answer. */
  async advance(row: ReturnRow): Promise<ReturnRow> {
    let current = row;
    if (current.state === 'open') {
      const payment = await this.store.find(row.payment_no);
      current = (payment && (await this.write(payment, current))) ?? current;
    }
    return current.state === 'taking' ? this.takeBack(current) : current;
  }

  /** What was refused is settled outside. */
  async settleByHand(paymentNo: string, returnNo: string): Promise<void> {
    await this.teller.tell({ do: 'return_news', paymentNo, returnNo, word: { word: 'by_hand' } });
  }

  private async takeBack(row: ReturnRow): Promise<ReturnRow> {
    const { ref_no: key, payment_no: paymentNo, amount, reason, actor } = row;
    const wanted = { key, paymentNo, amount: toDigits(amount), currency: 'CNY', reason, actor } as const;
    const answer = await this.billing.reverseCredit(wanted);
    switch (answer.outcome) {
      case 'posted':
        return this.tell(row, { word: 'taken_back' });
      case 'rejected':
      case 'conflict':
        return this.tell(row, { word: 'refused', code: (answer.reason ?? answer.outcome).slice(0, 40) });
      case 'busy':
      case 'unknown':
        return row;
    }
  }

  private async tell(
    row: ReturnRow,
    word: { word: 'taken_back' } | { word: 'refused'; code: string },
  ): Promise<ReturnRow> {
    const { payment_no: paymentNo, return_no: returnNo } = row;
    const told = await this.teller.tell({ do: 'return_news', paymentNo, returnNo, word });
    return told?.row ?? row;
  }

  private async write(
    payment: PaymentRow,
    told: Omit<ReturnRow, 'return_no'>,
    second: AttemptRow | null = null,
  ): Promise<ReturnRow | undefined> {
    const cause = `${payment.payment_no} taken back by ${payment.provider}`;
    // The agreement that the payment stands on did not pay for a second taking.
    const freeze = await this.rest.freezing(second ? null : payment.agreement_id, cause);
    const { payment_no: paymentNo } = payment;
    const attemptNo = second?.attempt_no ?? null;
    const answer = await this.teller.tell({ do: 'return', paymentNo, attemptNo, told, freeze });
    return answer?.row ?? undefined;
  }

  private async rowOf(
    payment: PaymentRow,
    heard: HeardReturn,
    second: AttemptRow | null,
  ): Promise<Omit<ReturnRow, 'return_no'>> {
    const { byResolution, providerTxnId, reason, ...rest } = heard;
    const now = new Date();
    return {
      day: dayOf(payment.payment_no),
      payment_no: payment.payment_no,
      provider: (second ?? payment).provider,
      ref_no: byResolution ?? (await this.known(payment, heard, second)),
      provider_txn_id: providerTxnId,
      state: 'open',
      amount: rest.amount,
      currency: rest.currency,
      reason: reason.slice(0, 64),
      actor: rest.actor,
      evidence: rest.evidence.slice(0, 300),
      in_book: byResolution === null ? 1 : 0,
      code: null,
      business_date: rest.businessDate,
      occurred_at: rest.occurredAt,
      tries: 0,
      due_at: new Date(now.getTime() + FIRST_ASKED_AGAIN_MS),
      created_at: now,
      updated_at: now,
    };
  }

  /** Its own transaction, so that the statement's line meets it; the payment's number when the provider names none. */
  private async known(payment: PaymentRow, { providerTxnId }: HeardReturn, second: AttemptRow | null): Promise<string> {
    const taking = (second ?? payment).provider_txn_id;
    const own = /^[\x21-\x7e]{1,40}$/.test(providerTxnId) && providerTxnId !== taking;
    if (own) return providerTxnId;
    const earlier = await this.store.returnsOf(payment.payment_no);
    const open = earlier.find((row) => row.provider_txn_id === providerTxnId);
    return open?.ref_no ?? `${second?.attempt_no ?? payment.payment_no}B`;
  }
}

const FIRST_ASKED_AGAIN_MS = 10_000;

import { Inject, Injectable } from '@nestjs/common';
import type { TopupAnswer, TopupItem } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { fromDigits, toDigits } from '@yidian/money';
import { LOGGER, type Logger } from '../platform';
import { PersonNumbers } from '../notifications/person-number';
import { BillingClient, type FoundNumber } from './billing.client';
import type { PaymentRow } from './payment.rows';
import { PaymentsReadStore } from './payments-read.store';
import type { Answer, PaymentView } from './payment.schema';
import type { CreditWord, CreditWrite, WaitingKey } from './rule-credit';
import { Tell } from './tell';

/** Of a payment's row: whose number it is. */
export type Payee = Pick<
  PaymentRow,
  'msisdn_masked' | 'msisdn_blind' | 'msisdn_sealed' | 'subscriber_id' | 'owner_version'
>;

/** The credit at the home branch: asked under the payment's number as often as needed, given once. */
@Injectable()
export class CreditSteps {
  private lastAt = { text: '', date: new Date(0) };

  constructor(
    private readonly billing: BillingClient,
    private readonly numbers: PersonNumbers,
    private readonly store: PaymentsReadStore,
    private readonly teller: Tell,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** busy, expired, maintenance, pending: not given yet, the ladder asks again; no answer: unknown, asked again too. */
  async post(payment: PaymentRow, key?: WaitingKey): Promise<{ payment: PaymentRow; answer?: Answer<PaymentView> }> {
    const answer = await this.billing.credit({
      key: payment.payment_no,
      subscriberId: payment.subscriber_id,
      ownerVersion: payment.owner_version,
      branch: payment.branch,
      provider: payment.provider,
      channel: payment.channel as TopupItem['channel'],
      partner: payment.partner,
      acquiringBranch: payment.acquiring_branch,
      face: toDigits(payment.amount),
      charged: toDigits(payment.charged),
      currency: 'CNY',
      providerTxnId: payment.provider_txn_id,
      businessDate: payment.business_date,
      ttlMs: 0, // set when it is sent
    });
    const word = this.wordOf(answer);
    if (!word) return { payment };
    const { payment_no: paymentNo } = payment;
    // All members at once: a spread into an object that grows makes a hidden class for each payment.
    const write: CreditWrite = key
      ? { do: 'credit', paymentNo, word, evidence: 'billing', known: payment, key }
      : { do: 'credit', paymentNo, word, evidence: 'billing', known: payment };
    const told = await this.teller.tell(write);
    if (!told?.payment) return { payment };
    return told.answer ? { payment: told.payment, answer: told.answer } : { payment: told.payment };
  }

  /** Ends a credit by a tombstone: from then on it is voided for ever, or it was given before and we learn so. */
  async giveUp(payment: PaymentRow): Promise<PaymentRow> {
    const answer = await this.billing.voidCredit({
      key: payment.payment_no,
      origin: {
        provider: payment.provider,
        branch: payment.branch,
        acquiringBranch: payment.acquiring_branch,
        channel: payment.channel as TopupItem['channel'],
        partner: payment.partner,
        face: toDigits(payment.amount),
      },
    });
    const word = this.wordOf(answer);
    return word ? this.tell(payment, word, 'void') : payment;
  }

  /**
   * Late truth: the money came after we had told that it did not. Credited if number, owner and branch are unchanged and
   * the same payer has no other success for that number and sum within a day; otherwise returned.
   */
  async settleLate(payment: PaymentRow): Promise<PaymentRow> {
    const number = await this.lookUp(payment);
    if (number === 'no answer') return payment; // cannot be judged now: the ladder comes again
    const same =
      number !== 'nobody' &&
      number.subscriberId === payment.subscriber_id &&
      number.ownerVersion === payment.owner_version &&
      number.branch.code === payment.branch;
    const twin = same ? await this.store.twinWithMoney(payment) : null;
    if (same && !twin)
      return this.tell(payment, { word: 'requested' }, 'late truth: number, owner and branch unchanged');
    const reason = twin ? 'duplicate_payment' : 'number_owner_changed';
    await this.teller.tell({
      do: 'refund',
      guard: null,
      kind: 'refund',
      paymentNo: payment.payment_no,
      amount: null,
      reason,
      actor: 'platform',
    });
    return (await this.store.find(payment.payment_no)) ?? payment;
  }

  private async lookUp(payment: PaymentRow): Promise<FoundNumber | 'nobody' | 'no answer'> {
    try {
      return await this.billing.payee(this.numbers.open(payment.msisdn_sealed));
    } catch (error) {
      return error instanceof Problem && error.code === 'number_unknown' ? 'nobody' : 'no answer';
    }
  }

  /** Whose number a credit went to, as a row keeps it; null: billing knows of none. @throws when billing does not answer */
  async payeeOf(paymentNo: string): Promise<Payee | null> {
    const payee = await this.billing.creditedTo(paymentNo);
    if (!payee) return null;
    const { masked, blind, sealed } = this.numbers.keep(payee.msisdn);
    return {
      ...{ msisdn_masked: masked, msisdn_blind: blind, msisdn_sealed: sealed },
      ...{ subscriber_id: payee.subscriberId, owner_version: payee.ownerVersion },
    };
  }

  async tell(payment: PaymentRow, word: CreditWord, evidence: string): Promise<PaymentRow> {
    const told = await this.teller.tell({ do: 'credit', paymentNo: payment.payment_no, word, evidence });
    return told?.payment ?? payment;
  }

  /** Credits of one commit have one time, and come together: it is read once. */
  private timeOf(at: string): Date {
    if (at !== this.lastAt.text) this.lastAt = { text: at, date: new Date(at) };
    return this.lastAt.date;
  }

  /** Null: it says nothing yet. */
  wordOf(answer: TopupAnswer): CreditWord | null {
    switch (answer.outcome) {
      case 'credited': {
        const balanceAfter = answer.balanceAfter === undefined ? null : fromDigits(answer.balanceAfter);
        return { word: 'credited', balanceAfter, at: answer.at ? this.timeOf(answer.at) : new Date() };
      }
      case 'rejected':
        return { word: 'rejected', reason: answer.reason ?? 'state_conflict' };
      case 'voided':
        return { word: 'voided' };
      case 'unknown':
      case 'internal':
        return { word: 'unknown' };
      case 'conflict':
        // The key is billing's for another input: nobody may guess which is right.
        this.logger.error({ paymentNo: answer.key }, 'billing knows this payment otherwise');
        return { word: 'unknown' };
      case 'pending':
      case 'busy':
      case 'expired':
      case 'maintenance':
      case 'not_found':
        return null;
    }
  }
}

import { Injectable } from '@nestjs/common';
import { AttemptSteps } from './attempt-steps';
import { CreditSteps } from './credit-steps';
import { Maintenance } from '../routing/maintenance';
import type { PaymentRow } from './payment.rows';
import type { Answer, PaymentView } from './payment.schema';
import { PaymentsReadStore } from './payments-read.store';
import { RefundSteps } from './refund-steps';
import type { WaitingKey } from './rule-credit';

/** Where a payment stands; `answer`: what the key that waited is answered, and it is kept. */
export interface GoneOn {
  payment: PaymentRow;
  answer?: Answer<PaymentView>;
}

/** What comes next for a payment, from whatever state it is in: the same steps for a request, a callback and the sweep. */
@Injectable()
export class PaymentFlow {
  constructor(
    readonly attempts: AttemptSteps,
    private readonly credits: CreditSteps,
    private readonly refunds: RefundSteps,
    private readonly store: PaymentsReadStore,
    private readonly maintenance: Maintenance,
  ) {}

  /** Goes on until somebody outside owes an answer. */
  async afterMoney(payment: PaymentRow): Promise<PaymentRow> {
    return (await this.goOn(payment)).payment;
  }

  /** @param key waits for what comes: its answer is kept in the very write that decides it, where that can be */
  async goOn(payment: PaymentRow, key?: WaitingKey): Promise<GoneOn> {
    let current = payment;
    if (current.state === 'paid' && current.credit_state === 'none' && current.late) {
      current = await this.credits.settleLate(current);
    }
    if (current.state === 'paid' && (current.credit_state === 'requested' || current.credit_state === 'unknown')) {
      const told = await this.credits.post(current, key);
      if (told.answer) return told;
      current = told.payment;
    }
    if (current.state === 'refunding' || current.state === 'reversing') current = await this.undo(current);
    return { payment: current };
  }

  /** One step of the ladder: whoever owes the answer is asked. */
  async ask(payment: PaymentRow): Promise<PaymentRow> {
    if (payment.state === 'paid') return this.afterMoney(payment);
    if (payment.state === 'created' && payment.funding === 'agreement') return this.startWaiting(payment);
    if (payment.state === 'created') return this.afterMoney(await this.attempts.close(payment));
    if (payment.state !== 'submitted' && payment.state !== 'unknown') return payment;
    const expired = payment.expires_at !== null && payment.expires_at.getTime() <= Date.now();
    const step = payment.funding === 'cashier' && expired ? this.attempts.close(payment) : this.attempts.ask(payment);
    return this.afterMoney(await step);
  }

  /** A debit that waited for its provider; it waits on when the provider stays away longer than planned. */
  private async startWaiting(payment: PaymentRow): Promise<PaymentRow> {
    const away = this.maintenance.awayUntil(payment.provider);
    if (!away) return this.afterMoney(await this.attempts.start(payment));
    await this.store.postpone(payment, away);
    return payment;
  }

  private async undo(payment: PaymentRow): Promise<PaymentRow> {
    for (const refund of await this.store.refundsOf(payment.payment_no)) {
      if (refund.due_at !== null) await this.refunds.advance(refund.refund_no);
    }
    return (await this.store.find(payment.payment_no)) ?? payment;
  }
}

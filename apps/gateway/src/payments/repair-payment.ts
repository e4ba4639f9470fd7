import { Injectable } from '@nestjs/common';
import type { repairOrder } from '@yidian/contracts';
import { fromDigits } from '@yidian/money';
import type { z } from 'zod';
import { Providers } from '../providers/providers';
import { BillingClient } from './billing.client';
import { CreditSteps } from './credit-steps';
import { attemptNumber } from './numbers';
import { PaymentDoor } from './payment-door';
import { PaymentFlow } from './payment-flow';
import { dayOf, type AttemptRow, type PaymentRow, type RefundRow } from './payment.rows';
import { PaymentsReadStore } from './payments-read.store';

export type RepairOrder = z.output<typeof repairOrder>;

/** What is repaired, and what two people decided it by. */
export interface RepairItem {
  key: string;
  paymentNo: string;
  provider: string;
  providerTxnId: string;
  businessDate: string;
  amount: string;
  evidence: string;
  order: RepairOrder;
}

/** done: it stands in the books; working: billing cannot say yet; refused: with a reason. */
export type Repair =
  | { outcome: 'done'; payment: PaymentRow }
  | { outcome: 'working' | 'refused'; reason: string; payment: PaymentRow | null };

const refused = (reason: string, payment: PaymentRow | null = null): Repair => ({
  outcome: 'refused',
  reason,
  payment,
});

/**
 * A payment, or a refund of one, that the provider's statement and billing have and we have not (rows 14 and R6). It is
 * written anew from what those two say, never from what anybody remembers: billing is asked by the payment's number, and
 * nothing is written until it has said how the credit ended.
 */
@Injectable()
export class RepairPayment {
  constructor(
    private readonly store: PaymentsReadStore,
    private readonly providers: Providers,
    private readonly billing: BillingClient,
    private readonly credits: CreditSteps,
    private readonly door: PaymentDoor,
    private readonly flow: PaymentFlow,
  ) {}

  async execute(item: RepairItem): Promise<Repair> {
    return item.order.refundNo === '' ? this.payment(item) : this.refund(item);
  }

  private async payment(item: RepairItem): Promise<Repair> {
    const provider = this.providers.find(item.provider);
    if (!provider) return refused('provider_unknown');
    const credit = this.credits.wordOf(await this.billing.query(item.paymentNo));
    if (!credit || credit.word === 'unknown') return { outcome: 'working', reason: 'credit_unknown', payment: null };
    const payee = await this.credits.payeeOf(item.paymentNo).catch(() => 'no answer' as const);
    if (payee === 'no answer') return { outcome: 'working', reason: 'credit_unknown', payment: null };
    const payment = { ...paymentOf(item, provider.row.kind === 'partner'), ...payee };
    const attempt = payment.funding === 'collected' ? null : attemptOf(payment, item);
    const { paymentNo, evidence } = item;
    const told = await this.door.begin({
      ...{ do: 'repair' as const, paymentNo, payment, attempt, shown: shownBy(item), credit, evidence },
    });
    if (!told.payment || !told.done) return refused('state_conflict', told.payment);
    return { outcome: 'done', payment: await this.flow.afterMoney(told.payment) };
  }

  private async refund(item: RepairItem): Promise<Repair> {
    const payment = await this.store.find(item.paymentNo);
    if (!payment) return refused('not_found');
    const { paymentNo, evidence } = item;
    const told = await this.door.begin({
      ...{ do: 'repair_refund' as const, paymentNo, refund: refundOf(payment, item), shown: shownBy(item), evidence },
    });
    return told.payment && told.done
      ? { outcome: 'done', payment: told.payment }
      : refused('state_conflict', told.payment);
  }
}

const shownBy = ({ providerTxnId, businessDate }: RepairItem) => ({ providerTxnId, businessDate });

/** Who paid is nobody's to say any more; whose number it was, billing says, where it has a credit. */
const NOBODY = {
  ...{ msisdn_masked: '', msisdn_blind: '', msisdn_sealed: '', owner_version: 0, payer_key: '', payer_blind: null },
  ...{ payer_masked: null, payer_sealed: null, agreement_id: null, linked_id: null, nickname: null, account: null },
  ...{ decline_code: null, late: 0, credit_code: null, credit_at: null, balance_after: null, next_action: null },
  ...{ expires_at: null, replaces: null, root_no: null, tries: 0, due_at: null, last_query_at: null },
};

function paymentOf({ key, paymentNo, provider, amount, order }: RepairItem, collected: boolean): PaymentRow {
  const now = new Date();
  const charged = fromDigits(amount);
  return {
    ...NOBODY,
    ...{ payment_no: paymentNo, day: dayOf(paymentNo), state: 'created', credit_state: 'none', version: 0 },
    ...{ partner: order.partner, reference: '', channel: order.channel, provider, currency: 'CNY' },
    funding: collected ? 'collected' : 'agreement',
    ...{ amount: fromDigits(order.face), charged, refunded: 0n, subscriber_id: order.subscriberId },
    ...{ branch: order.branch, acquiring_branch: order.acquiringBranch, provider_txn_id: '' },
    ...{ business_date: null, book_date: null, created_at: now, updated_at: now },
    detail: JSON.stringify({ source: `repair ${key}` }),
  };
}

function attemptOf(payment: PaymentRow, { order }: RepairItem): AttemptRow {
  const now = new Date();
  return {
    attempt_no: order.attemptNo === '' ? attemptNumber(payment.payment_no, 1) : order.attemptNo,
    ...{ day: payment.day, payment_no: payment.payment_no, provider: payment.provider, kind: 'debit' },
    ...{ state: 'succeeded', amount: payment.charged, currency: payment.currency, provider_txn_id: '' },
    ...{ code: null, not_found: 0, submitted_at: now, ended_at: now },
  };
}

function refundOf(payment: PaymentRow, { amount, order }: RepairItem): RefundRow {
  const now = new Date();
  return {
    ...{ refund_no: order.refundNo, day: payment.day, payment_no: payment.payment_no, attempt_no: null },
    kind: order.refundNo.includes('V') ? 'reversal' : 'refund',
    ...{ partner: payment.partner, reference: payment.reference, state: 'submitted', hold: 'posted' },
    ...{ amount: fromDigits(amount), currency: payment.currency, reason: 'resolution', actor: 'repair', code: null },
    ...{ provider_txn_id: '', business_date: null, from_state: payment.state, tries: 0, due_at: null },
    ...{ created_at: now, updated_at: now, version: 0 },
  };
}

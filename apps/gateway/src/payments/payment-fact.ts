import type { FactKind } from '@yidian/contracts';
import type { FactInput } from '@yidian/journal';
import type { PaymentRow } from './payment.rows';

/** What the book of a provider is told of a payment. @param refNo attempt, refund or reversal number */
export function factOf(payment: PaymentRow, kind: FactKind, refNo: string, occurredAt: Date): FactInput {
  return {
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
    occurredAt,
  };
}

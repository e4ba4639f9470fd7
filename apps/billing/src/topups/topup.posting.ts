/**
 * A credit: Dr branch/<home>/receivable, Cr subscriber/<id>/cash, once per payment number. A refusal is stored under the
 * same key, so that a late retry cannot turn refunded money into a second credit. Its fact rides in the same transaction.
 */
import type { TopupItem } from '@yidian/contracts';
import type { ErrorCode } from '@yidian/errors';
import type { FactInput } from '@yidian/journal';
import type { PostingInput } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import { dayOfPayment } from '../calendar';
import { branchAccount, cashAccount, cashOpening } from '../ledger/accounts';

/** Who is behind a credit: all of it is part of the promise of the key. */
export type CreditOrigin = {
  subscriberId: string;
  branch: string;
  provider: string;
  channel: string;
  partner: string;
  acquiringBranch: string;
  face: string;
};

export const paymentKey = (paymentNo: string): { key: string; keyDay: string } => ({
  key: paymentNo,
  keyDay: dayOfPayment(paymentNo),
});

/** Not in the promise: the provider's transaction id and date may be learned between two tries of the same credit. */
function promise(item: TopupItem): CreditOrigin & { charged: string; currency: string } {
  const { subscriberId, branch, provider, channel, partner, acquiringBranch, face, charged, currency } = item;
  return { subscriberId, branch, provider, channel, partner, acquiringBranch, face, charged, currency };
}

export function topupPosting(item: TopupItem, reject: ErrorCode | undefined, at: Date): PostingInput {
  const credited = {
    ...factOf(item.key, item, at),
    providerTxnId: item.providerTxnId,
    businessDate: item.businessDate,
  };
  return {
    ...paymentKey(item.key),
    actor: 'gateway',
    input: promise(item),
    currency: item.currency,
    opens: reject ? [] : [cashOpening(item.subscriberId)],
    transfers: reject
      ? []
      : [
          {
            debit: branchAccount(item.branch, 'receivable'),
            credit: cashAccount(item.subscriberId),
            amount: fromDigits(item.face),
            kind: 'topup',
          },
        ],
    ...(reject ? { reject } : {}),
    facts: (outcome) => [{ ...credited, kind: outcome === 'posted' ? 'credited' : 'credit_rejected' }],
  };
}

/** Members that every credit fact of a payment has alike; kind `credited`, amount = face until the caller says otherwise. */
export function factOf(paymentNo: string, origin: Omit<CreditOrigin, 'subscriberId'>, at: Date): FactInput {
  return {
    provider: origin.provider,
    kind: 'credited',
    paymentNo,
    refNo: '',
    providerTxnId: '',
    amount: fromDigits(origin.face),
    currency: 'CNY',
    branch: origin.branch,
    acquiringBranch: origin.acquiringBranch,
    channel: origin.channel,
    partner: origin.partner,
    businessDate: null,
    occurredAt: at,
  };
}

import { fromJson } from '@yidian/money';
import { z } from 'zod';
import { declined, type Queried, type Taken } from '../../../libs/connectors/contract';

/** The provider's JSON. Unknown members are ignored; a status that is not listed below is not known, never a failure. */
export const orderAnswer = z.object({
  order_no: z.string().min(1).max(32),
  status: z.string(),
  reason: z.string().optional(),
  txn_id: z.string().max(64).optional(),
  amount: z.number().int().optional(),
  currency: z.string().optional(),
  business_date: z.iso.date().optional(),
  completed_at: z.iso.datetime({ offset: true }).optional(),
});
export type OrderAnswer = z.output<typeof orderAnswer>;

/** Theirs → ours. What is repeated (number, sum, currency) is taken from the answer: the wrapper compares it. */
export function outcomeOf(word: OrderAnswer, now: Date): Queried<Taken> {
  switch (word.status) {
    case 'SUCCESS':
      return taken(word, now);
    case 'REFUSED':
      return declined(word.reason?.toLowerCase(), word.txn_id ?? '');
    case 'PROCESSING':
      return { outcome: 'pending' };
    case 'NO_SUCH_ORDER':
      return { outcome: 'not_found' };
    default:
      return { outcome: 'unknown', cause: 'a status nobody listed' };
  }
}

function taken(word: OrderAnswer, now: Date): Queried<Taken> {
  const { order_no: orderNo, txn_id: providerTxnId, amount, currency } = word;
  if (!providerTxnId || amount === undefined || !currency)
    return { outcome: 'unknown', cause: 'a success that lacks its sum' };
  const completedAt = word.completed_at ? new Date(word.completed_at) : now;
  const businessDate = word.business_date ?? null;
  return {
    outcome: 'succeeded',
    orderNo,
    providerTxnId,
    amount: fromJson(amount),
    currency,
    businessDate,
    completedAt,
  };
}

/**
 * Value is taken from the subscriber before a refund or reversal is asked of the provider (Rule C), so that it cannot be
 * spent meanwhile. Never more than the balance, and never more in all than the payment credited: its guard account counts.
 */
import type { holdsPlace } from '@yidian/contracts';
import type { ErrorCode } from '@yidian/errors';
import type { FactInput } from '@yidian/journal';
import type { HoldInput, PostingKey, TransferInput } from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import type { z } from 'zod';
import { dayOfPayment } from '../calendar';
import { branchAccount, cashAccount, cashOpening, guardAccount, guardOpening } from '../ledger/accounts';
import { factOf, type CreditOrigin } from './topup.posting';

export type HoldItem = z.output<typeof holdsPlace>['items'][number];

/** The day of the payment: refund and reversal numbers are found by it. */
export const holdKey = (refNo: string, paymentNo: string): PostingKey => ({
  key: `hold/${refNo}`,
  keyDay: dayOfPayment(paymentNo),
});

export function holdPosting(item: HoldItem, origin: CreditOrigin): HoldInput {
  const amount = fromDigits(item.amount);
  return {
    ...holdKey(item.key, item.paymentNo),
    actor: 'gateway',
    input: { paymentNo: item.paymentNo, kind: item.kind, amount: item.amount, currency: item.currency },
    currency: item.currency,
    take: {
      debit: cashAccount(origin.subscriberId),
      credit: branchAccount(origin.branch, 'receivable'),
      amount,
      kind: item.kind,
      refersTo: item.paymentNo,
      onFloor: 'refund_exceeds_balance' satisfies ErrorCode,
    },
    guards: [guardTransfer(item.paymentNo, origin.branch, amount)],
    opens: [cashOpening(origin.subscriberId), guardOpening(item.paymentNo, fromDigits(origin.face))],
  };
}

/** Counts towards what was taken back of the payment. */
export function guardTransfer(paymentNo: string, branch: string, amount: bigint): TransferInput {
  return {
    debit: branchAccount(branch, 'refunds'),
    credit: guardAccount(paymentNo),
    amount,
    kind: 'guard',
    refersTo: paymentNo,
    onCeiling: 'refund_exceeds_paid' satisfies ErrorCode,
  };
}

/** The fact of value taken back from a credit. */
export function takenBack(paymentNo: string, refNo: string, origin: CreditOrigin, amount: bigint, at: Date): FactInput {
  return { ...factOf(paymentNo, origin, at), kind: 'credit_reversed', refNo, amount };
}

/**
 * Value is taken from the subscriber before a refund or reversal is asked of the provider (Rule C), so that it cannot be
 * spent meanwhile. Never more than the balance, and never more in all than the payment credited: its guard account counts.
 */
import type { holdsPlace } from '@yidian/contracts';
import type { ErrorCode } from '@yidian/errors';
import type { FactInput } from '@yidian/journal';
import {
  resolutionKey,
  type HoldInput,
  type Notes,
  type PostingKey,
  type ResolveInput,
  type TransferInput,
} from '@yidian/ledger';
import { fromDigits } from '@yidian/money';
import type { z } from 'zod';
import { dayOfPayment } from '../calendar';
import { billingDesk, rides } from '../desk/billing-desk';
import { branchAccount, cashAccount, guardAccount } from '../ledger/accounts';
import { billsOf, takebackPlan, undoneParts, type Takeback } from './takeback.plan';
import { factOf, type CreditOrigin } from './topup.posting';

export type HoldItem = z.output<typeof holdsPlace>['items'][number];

/** The day of the payment: refund and reversal numbers are found by it. */
export const holdKey = (refNo: string, paymentNo: string): PostingKey => ({
  key: `hold/${refNo}`,
  keyDay: dayOfPayment(paymentNo),
});

export function holdPosting(item: HoldItem, credit: TakenCredit, bills: Takeback['bills']): HoldInput {
  const { key, keyDay } = holdKey(item.key, item.paymentNo);
  const { paymentNo, kind, amount, currency } = item;
  return {
    ...{ key, keyDay, currency, actor: 'gateway' },
    input: { paymentNo, kind, amount, currency },
    ...takebackPlan({ ...credit, ...{ paymentNo, kind, bills }, ...HELD, amount: fromDigits(amount), cause: key }),
  };
}

/** Credited, and known whose. */
export type TakenCredit = Pick<Takeback, 'origin' | 'madeOf'>;

/** A hold that was placed. */
export interface StoredHold {
  origin: CreditOrigin;
  /** Minor units. */
  amount: bigint;
  notes: Notes;
}

const HELD = { mode: 'hold', gone: false } as const;

/** A hold that is given back puts back its bills and what it counted; `null` where it moved nothing but accounts. */
export function undoing(
  { paymentNo, key }: { paymentNo: string; key: string },
  { amount, notes }: StoredHold,
  run: NonNullable<Takeback['bills']>,
): Pick<ResolveInput, 'rides' | 'accepted'> | null {
  const parts = undoneParts(notes);
  const bills = billsOf(notes);
  if (!parts && !bills) return null;
  return {
    rides: [...(parts ? [rides.parts(paymentNo)] : []), ...(bills ? [rides.bills(bills.subscriberId, paymentNo)] : [])],
    accepted: (desk, balanceOf) => {
      const rows = billingDesk(desk);
      if (parts) rows.take(paymentNo, parts);
      if (!bills) return;
      const cause = resolutionKey(holdKey(key, paymentNo).key);
      const balance = balanceOf(cashAccount(bills.subscriberId));
      rows.bills(bills.subscriberId).giveBack(paymentNo, amount, { cause, branch: bills.branch, balance, ...run });
    },
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

import { fromDigits } from '@yidian/money';
import type { Plan, PostingInput, PostingKey, TransferInput } from '@yidian/ledger';
import { billingDesk, rides } from '../desk/billing-desk';
import { branchAccount, cashAccount, cashOpening } from '../ledger/accounts';
import type { SubscriberRow } from './subscribers.store';

export const openingKey = ({ id, registeredOn }: SubscriberRow): PostingKey => ({
  key: `opening/${id}`,
  keyDay: registeredOn,
});

/**
 * What a number brings along when it is registered. Kept apart from funded credits (S4): no provider's money stands
 * behind it. Arrears are forced past the floor, as the bills they come from were. Null: nothing to bring.
 */
export function openingPosting(subscriber: SubscriberRow, balance: string): PostingInput | null {
  const amount: bigint = fromDigits(balance);
  if (amount === 0n) return null;
  const cash = cashAccount(subscriber.id);
  const opening = branchAccount(subscriber.branch, 'opening');
  const transfers: TransferInput[] = [
    amount > 0n
      ? { debit: opening, credit: cash, amount, kind: 'opening' }
      : { debit: cash, credit: opening, amount: -amount, kind: 'opening', forced: true },
  ];
  return {
    ...openingKey(subscriber),
    actor: 'import',
    input: { subscriber: subscriber.id, branch: subscriber.branch, balance },
    opens: [cashOpening(subscriber.id)],
    ...(subscriber.plan === 'postpaid' ? { transfers: [], plan: carrying(subscriber, transfers) } : { transfers }),
  };
}

/** What a postpaid number owes already is a bill of it, and what it has paid too much pays the next one. */
function carrying({ id, branch, registeredOn: day }: SubscriberRow, transfers: readonly TransferInput[]): Plan {
  const cash = cashAccount(id);
  return {
    accounts: [cash],
    rides: [rides.bills(id)],
    decide: (balanceOf, desk) => ({
      transfers,
      accepted: () => {
        const move = { cause: 'opening', branch, day, balance: balanceOf(cash), frozen: false };
        billingDesk(desk).bills(id).settle(move);
      },
    }),
  };
}

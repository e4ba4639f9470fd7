import { fromDigits } from '@yidian/money';
import type { PostingInput, PostingKey } from '@yidian/ledger';
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
  return {
    ...openingKey(subscriber),
    actor: 'import',
    input: { subscriber: subscriber.id, branch: subscriber.branch, balance },
    opens: [cashOpening(subscriber.id)],
    transfers: [
      amount > 0n
        ? { debit: opening, credit: cash, amount, kind: 'opening' }
        : { debit: cash, credit: opening, amount: -amount, kind: 'opening', forced: true },
    ],
  };
}

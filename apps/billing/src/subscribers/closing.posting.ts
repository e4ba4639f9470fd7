/**
 * Whatever is left on the account of a number that closed leaves it once per look: cash to branch/<b>/unclaimed, where its
 * owner may still claim it, the gift back to branch/<b>/promotion. How much is decided under the locks of both accounts,
 * so nothing spent or paid at the same moment is taken twice or forgotten. Arrears stay: they are owed.
 */
import type { PostingInput, TransferInput } from '@yidian/ledger';
import { bonusAccount, bonusOpening, branchAccount, cashAccount, cashOpening } from '../ledger/accounts';
import type { Closing } from './closings.store';

/** Stored under a look that found nothing; the next look has a key of its own. */
const NOTHING_LEFT = 'nothing_left';

export function closingPosting({ eventId, subscriberId, branch, day, step }: Closing): PostingInput {
  const [cash, bonus] = [cashAccount(subscriberId), bonusAccount(subscriberId)];
  return {
    key: `closing/${eventId}/${step}`,
    keyDay: day,
    actor: 'billing',
    input: { subscriber: subscriberId, branch },
    opens: [cashOpening(subscriberId), bonusOpening(subscriberId)],
    transfers: [],
    plan: {
      accounts: [cash, bonus],
      decide: (balanceOf) => {
        const transfers: TransferInput[] = [
          { debit: cash, credit: branchAccount(branch, 'unclaimed'), amount: balanceOf(cash), kind: 'unclaimed' },
          { debit: bonus, credit: branchAccount(branch, 'promotion'), amount: balanceOf(bonus), kind: 'forfeit' },
        ].filter(({ amount }) => amount > 0n);
        return transfers.length > 0 ? { transfers } : { transfers, reject: NOTHING_LEFT };
      },
    },
  };
}

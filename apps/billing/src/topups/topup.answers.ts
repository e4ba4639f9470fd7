import type { TopupAnswer } from '@yidian/contracts';
import type { PostingAnswer } from '@yidian/ledger';
import { toDigits } from '@yidian/money';
import { cashOf } from '../ledger/accounts';
import type { Doubt } from './doubts';
import { giftOf } from './made-of';

/** What the stored answer of a key means to the gateway. */
export function topupAnswer(paymentNo: string, answer: PostingAnswer | null): TopupAnswer {
  if (!answer || answer.outcome === 'not_found') return { key: paymentNo, outcome: 'not_found', replay: false };
  const { replay, conflict, notes } = answer;
  if (conflict !== undefined) return { key: paymentNo, outcome: 'conflict', reason: conflict, replay };
  const balance = cashOf(answer.balances);
  const gift = giftOf(notes ?? {});
  return {
    key: paymentNo,
    outcome: answer.outcome === 'posted' ? 'credited' : answer.outcome,
    ...(answer.reason === undefined ? {} : { reason: answer.reason }),
    replay,
    ...(balance === undefined ? {} : { balanceAfter: toDigits(balance) }),
    ...(gift ? { bonus: toDigits(gift.bonus), bonusBearer: gift.bearer } : {}),
    at: answer.at.toISOString(),
  };
}

export const undecided = (paymentNo: string, doubt: Doubt): TopupAnswer => ({
  key: paymentNo,
  outcome: doubt,
  replay: false,
});

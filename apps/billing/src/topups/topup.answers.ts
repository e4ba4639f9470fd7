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
  const outcome = answer.outcome === 'posted' ? 'credited' : answer.outcome;
  const at = timeText(answer.at);
  // Made whole at once: what most answers have is no member added later, which would cost more than all the rest of it.
  const told: TopupAnswer =
    balance === undefined
      ? { key: paymentNo, outcome, replay, at }
      : { key: paymentNo, outcome, replay, at, balanceAfter: toDigits(balance) };
  if (answer.reason !== undefined) told.reason = answer.reason;
  const gift = notes && giftOf(notes);
  if (gift) {
    told.bonus = toDigits(gift.bonus);
    told.bonusBearer = gift.bearer;
  }
  return told;
}

let lastTime = Number.NaN;
let lastText = '';

/** The postings of a batch have one time. */
function timeText(at: Date): string {
  const time = at.getTime();
  if (time !== lastTime) {
    lastText = at.toISOString();
    lastTime = time;
  }
  return lastText;
}

export const undecided = (paymentNo: string, doubt: Doubt): TopupAnswer => ({
  key: paymentNo,
  outcome: doubt,
  replay: false,
});

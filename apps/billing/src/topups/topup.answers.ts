import type { TopupAnswer } from '@yidian/contracts';
import { Busy, Expired, Poison } from '@yidian/journal';
import type { PostingAnswer } from '@yidian/ledger';
import { MoneyError, toDigits } from '@yidian/money';

/** What the stored answer of a key means to the gateway. */
export function topupAnswer(paymentNo: string, answer: PostingAnswer | null): TopupAnswer {
  if (!answer || answer.outcome === 'not_found') return { key: paymentNo, outcome: 'not_found', replay: false };
  const { replay, conflict } = answer;
  if (conflict !== undefined) return { key: paymentNo, outcome: 'conflict', reason: conflict, replay };
  const [balance] = Object.values(answer.balances);
  return {
    key: paymentNo,
    outcome: answer.outcome === 'posted' ? 'credited' : answer.outcome,
    ...(answer.reason === undefined ? {} : { reason: answer.reason }),
    replay,
    ...(balance === undefined ? {} : { balanceAfter: toDigits(balance) }),
    at: answer.at.toISOString(),
  };
}

/** No answer is never "failed": only what surely did not happen is named so, all else is unknown. */
export function undecided(paymentNo: string, error: unknown): TopupAnswer {
  const outcome =
    error instanceof Expired
      ? 'expired'
      : error instanceof Busy
        ? 'busy'
        : error instanceof Poison || error instanceof MoneyError
          ? 'internal'
          : 'unknown';
  return { key: paymentNo, outcome, replay: false };
}

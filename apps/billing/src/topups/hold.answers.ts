import type { HoldAnswer } from '@yidian/contracts';
import { Busy, Expired } from '@yidian/journal';
import type { PostingAnswer } from '@yidian/ledger';
import { toDigits } from '@yidian/money';

/** @param done what `posted` means to the asker: the hold stands, or was carried out, or was given back */
export function holdAnswer(refNo: string, answer: PostingAnswer, done: 'held' | 'posted' | 'voided'): HoldAnswer {
  const { replay, reason, conflict } = answer;
  if (conflict !== undefined) return { key: refNo, outcome: 'conflict', reason: conflict, replay };
  const cash = Object.entries(answer.balances).find(([account]) => account.startsWith('subscriber/'))?.[1];
  return {
    key: refNo,
    outcome: answer.outcome === 'posted' ? done : answer.outcome,
    ...(reason === undefined ? {} : { reason }),
    replay,
    ...(cash === undefined ? {} : { balanceAfter: toDigits(cash) }),
  };
}

/** Holds have no deadline of their own: one that left the queue unexecuted may simply be sent again. */
export function holdUndecided(refNo: string, error: unknown): HoldAnswer {
  const surelyNot = error instanceof Busy || error instanceof Expired;
  return { key: refNo, outcome: surelyNot ? 'busy' : 'unknown', replay: false };
}

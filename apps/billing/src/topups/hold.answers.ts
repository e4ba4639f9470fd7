import type { HoldAnswer } from '@yidian/contracts';
import type { PostingAnswer } from '@yidian/ledger';
import { toDigits } from '@yidian/money';
import { cashOf } from '../ledger/accounts';
import type { Doubt } from './doubts';

/** @param done what `posted` means to the asker: the hold stands, or was carried out, or was given back */
export function holdAnswer(refNo: string, answer: PostingAnswer, done: 'held' | 'posted' | 'voided'): HoldAnswer {
  const { replay, reason, conflict } = answer;
  if (conflict !== undefined) return { key: refNo, outcome: 'conflict', reason: conflict, replay };
  const cash = cashOf(answer.balances);
  const { charged, giftTaken } = answer.notes ?? {};
  return {
    key: refNo,
    outcome: answer.outcome === 'posted' ? done : answer.outcome,
    ...(reason === undefined ? {} : { reason }),
    replay,
    ...(cash === undefined ? {} : { balanceAfter: toDigits(cash) }),
    ...(charged === undefined ? {} : { charged }),
    ...(giftTaken === undefined ? {} : { bonus: giftTaken }),
  };
}

/** Holds have no deadline of their own: one that left the queue unexecuted may simply be sent again. */
export function holdUndecided(refNo: string, doubt: Doubt): HoldAnswer {
  if (doubt === 'internal') return { key: refNo, outcome: 'rejected', reason: 'internal', replay: false };
  return { key: refNo, outcome: doubt === 'unknown' ? 'unknown' : 'busy', replay: false };
}

import type { KeyAnswer } from '@yidian/contracts';
import type { ErrorCode } from '@yidian/errors';
import type { PostingAnswer } from '@yidian/ledger';
import type { Doubt } from './doubts';

export function keyAnswer(key: string, answer: PostingAnswer): KeyAnswer {
  const { replay, reason, conflict } = answer;
  if (conflict !== undefined) return { key, outcome: 'conflict', reason: conflict, replay };
  const outcome = answer.outcome === 'posted' ? 'posted' : 'rejected';
  return { key, outcome, ...(reason === undefined ? {} : { reason }), replay };
}

/** Decided by what never changes, so that the same key is answered the same way without being stored. */
export const keyRefused = (key: string, reason: ErrorCode): KeyAnswer => ({
  key,
  outcome: 'rejected',
  reason,
  replay: false,
});

export function keyUndecided(key: string, doubt: Doubt): KeyAnswer {
  if (doubt === 'internal') return { key, outcome: 'rejected', reason: 'internal', replay: false };
  return { key, outcome: doubt === 'unknown' ? 'unknown' : 'busy', replay: false };
}

import type { KeyAnswer } from '@yidian/contracts';
import { Busy, Expired } from '@yidian/journal';
import type { PostingAnswer } from '@yidian/ledger';

export function keyAnswer(key: string, answer: PostingAnswer): KeyAnswer {
  const { replay, reason, conflict } = answer;
  if (conflict !== undefined) return { key, outcome: 'conflict', reason: conflict, replay };
  const outcome = answer.outcome === 'posted' ? 'posted' : 'rejected';
  return { key, outcome, ...(reason === undefined ? {} : { reason }), replay };
}

export function keyUndecided(key: string, error: unknown): KeyAnswer {
  const surelyNot = error instanceof Busy || error instanceof Expired;
  return { key, outcome: surelyNot ? 'busy' : 'unknown', replay: false };
}

import type { KeyAnswer } from '@yidian/contracts';
import type { PostingAnswer } from '@yidian/ledger';
import type { Doubt } from './doubts';

export function keyAnswer(key: string, answer: PostingAnswer): KeyAnswer {
  const { replay, reason, conflict } = answer;
  if (conflict !== undefined) return { key, outcome: 'conflict', reason: conflict, replay };
  const outcome = answer.outcome === 'posted' ? 'posted' : 'rejected';
  return { key, outcome, ...(reason === undefined ? {} : { reason }), replay };
}

export function keyUndecided(key: string, doubt: Doubt): KeyAnswer {
  if (doubt === 'internal') return { key, outcome: 'rejected', reason: 'internal', replay: false };
  return { key, outcome: doubt === 'unknown' ? 'unknown' : 'busy', replay: false };
}

import { canonicalHash, firstDifference } from './canonical';
import type { PostingRow } from './ledger.store';
import { notesOf } from './notes';
import type { AccountBalance, Notes, PostingAnswer } from './posting';

/** Day and key as one text. */
export const nameOf = (keyDay: string, key: string): string => `${keyDay} ${key}`;

interface Asked {
  /** Undefined: a tombstone. */
  input: string | undefined;
  dryRun: boolean;
}

/** A tombstone answers whatever was stored; whoever meets a tombstone is told so, whatever they sent. */
export function replay(row: PostingRow, { input, dryRun }: Asked): PostingAnswer {
  const answer = answerOf(row, true);
  if (dryRun) answer.dryRun = true;
  if (input === undefined || row.outcome === 'voided' || row.input_hash === canonicalHash(input)) return answer;
  return { ...answer, conflict: firstDifference(row.input, input) ?? 'input' };
}

export function answerOf(row: PostingRow, isReplay: boolean): PostingAnswer {
  const { balances, notes } = notesOf(row.balances);
  return answerWith(row, isReplay, balances, notes);
}

export function answerWith(
  { k: key, outcome, reason, at }: PostingRow,
  replay: boolean,
  balances: readonly AccountBalance[],
  notes: Notes | undefined,
): PostingAnswer {
  const answer: PostingAnswer = { key, outcome, replay, balances, at };
  if (reason !== '') answer.reason = reason;
  if (notes) answer.notes = notes;
  return answer;
}

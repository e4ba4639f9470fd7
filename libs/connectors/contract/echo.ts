import type { Echo, Outcome } from './answers';

/**
 * The one place where a provider's words are compared with what was asked. A success about another order, sum or
 * currency proves nothing about ours: it becomes `unknown`, and the query ladder or the statement decides.
 */
export function checkEcho<T extends Echo, A extends Outcome<T> | { outcome: 'not_found' } | { outcome: 'closed' }>(
  asked: Echo,
  answer: A,
): A | { outcome: 'unknown'; cause: string } {
  if (answer.outcome !== 'succeeded') return answer;
  const differing = (['orderNo', 'amount', 'currency'] as const).filter((field) => answer[field] !== asked[field]);
  if (differing.length === 0) return answer;
  return { outcome: 'unknown', cause: `echo differs: ${differing.join(', ')}` };
}

import { hashOf } from '../identity';
import type { DayMatch } from '../match-day';
import { BOOK } from '../result';
import type { PlainPart } from './plain-part';

/**
 * The day as a whole: what the classifier said of its groups, and the plain ones, of which every one would have been a matched
 * item, its contract fee in the book of fees, and nothing else.
 */
export function withPlain(day: DayMatch, plain: PlainPart): DayMatch {
  const { quotes, unquoted } = plain;
  const parts = [...day.parts];
  if (quotes !== 0n) parts.push({ bridge: 'fees', name: BOOK, amount: quotes });
  if (unquoted.count > 0)
    parts.push({ bridge: 'fees', name: 'unmatched_lines', amount: unquoted.fees, count: unquoted.count });
  return { ...day, parts, counts: counted(day.counts, plain), digest: hashOf('day', day.digest, plain.digest) };
}

function counted(counts: DayMatch['counts'], { count, amount }: PlainPart): DayMatch['counts'] {
  if (count === 0) return counts;
  const before = counts.find((line) => line.class === 'matched') ?? { count: 0, amount: 0n };
  const matched = { class: 'matched' as const, count: before.count + count, amount: before.amount + amount };
  return [...counts.filter((line) => line.class !== 'matched'), matched].sort((a, b) => (a.class < b.class ? -1 : 1));
}

import type { PayoutClass } from '@yidian/contracts';

/** What the statements of one business date leave to be paid out, and when it is due. */
export interface ExpectedDate {
  date: string;
  dueDay: string;
  /** Minor units; negative when refunds outweighed payments: the next payout is less. */
  amount: bigint;
}

export interface Paid {
  entryId: string;
  valueDay: string;
  /** + paid out, − taken back. */
  amount: bigint;
}

export interface PayoutGroup {
  class: PayoutClass;
  dates: ExpectedDate[];
  entries: Paid[];
  /** Paid less expected. */
  difference: bigint;
}

/** More dates or payouts than this in one group are a mess for people. */
const WIDEST = 10;

/**
 * N statement dates : M payouts of one provider (pure; the order of its inputs changes nothing). Dates and entries are laid
 * out by day, and the smallest groups with equal sums are matched from the front. Where none is found, a date that is due
 * has a name for what is wrong with it, and the next date is looked at: one difference hides no other.
 */
export function matchPayouts(expected: readonly ExpectedDate[], paid: readonly Paid[], asOf: string): PayoutGroup[] {
  const dates = [...expected].filter(({ amount }) => amount !== 0n).sort((a, b) => order(a.date, b.date));
  const { entries, returned } = withoutReturned(
    [...paid]
      .filter(({ valueDay }) => valueDay <= asOf)
      .sort((a, b) => order(a.valueDay, b.valueDay) || order(a.entryId, b.entryId)),
  );
  const groups: PayoutGroup[] = [...returned];
  while (dates.length > 0) {
    const equal = smallestEqual(dates, entries);
    if (equal) {
      groups.push(group('matched', dates.splice(0, equal.dates), entries.splice(0, equal.entries)));
      continue;
    }
    const taken = unequal(dates, entries, asOf);
    if (!taken) break;
    groups.push(taken);
  }
  groups.push(...dates.map((date) => ({ ...group('not_due', [date], []), difference: 0n })));
  const { left, made } = madeGood(groups, entries);
  return [...made, ...left.map((entry) => group('payout_unknown', [], [entry]))];
}

/** A payout taken back by the bank and the payout itself explain each other; the dates wait for a new one. */
function withoutReturned(paid: Paid[]): { entries: Paid[]; returned: PayoutGroup[] } {
  const entries = [...paid];
  const returned: PayoutGroup[] = [];
  for (const back of paid.filter(({ amount }) => amount < 0n)) {
    const original = entries.findLast((entry) => entry.amount === -back.amount && entry.valueDay <= back.valueDay);
    if (!original) continue;
    entries.splice(entries.indexOf(original), 1);
    entries.splice(entries.indexOf(back), 1);
    returned.push(group('payout_returned', [], [original, back]));
  }
  return { entries, returned };
}

/** From the front, the fewest dates and entries together whose sums are equal; of equally few, the fewest dates. */
function smallestEqual(
  dates: readonly ExpectedDate[],
  entries: readonly Paid[],
): { dates: number; entries: number } | null {
  for (let size = 2; size <= 2 * WIDEST; size++)
    for (let n = 1; n < size; n++) {
      const m = size - n;
      if (n > WIDEST || m > WIDEST || n > dates.length || m > entries.length) continue;
      if (sum(dates.slice(0, n)) === sum(entries.slice(0, m))) return { dates: n, entries: m };
    }
  return null;
}

/** The first date is due and its sum did not come: everything paid before the next one is due belongs to it. */
function unequal(dates: ExpectedDate[], entries: Paid[], asOf: string): PayoutGroup | null {
  const [first] = dates;
  if (!first || first.dueDay > asOf) return null;
  const together = dates.filter(({ dueDay }) => dueDay === first.dueDay).length;
  const next = dates[together]?.dueDay;
  const own = entries.filter(({ valueDay }) => next === undefined || valueDay < next).length;
  const taken = [dates.splice(0, together), entries.splice(0, own)] as const;
  const difference = sum(taken[1]) - sum(taken[0]);
  if (own === 0) return group(difference > 0n ? 'not_due' : 'payout_missing', ...taken);
  return group(difference < 0n ? 'payout_short' : 'payout_over', ...taken);
}

/** The rest of a short or missing payout often comes later by itself. */
function madeGood(groups: readonly PayoutGroup[], entries: readonly Paid[]): { made: PayoutGroup[]; left: Paid[] } {
  const left = [...entries];
  const made = groups.map((one) => {
    if (one.class !== 'payout_short' && one.class !== 'payout_missing') return one;
    const at = left.findIndex(({ amount }) => amount === -one.difference);
    return at === -1 ? one : group('matched', one.dates, [...one.entries, ...left.splice(at, 1)]);
  });
  return { made, left };
}

const group = (name: PayoutClass, dates: ExpectedDate[], entries: Paid[]): PayoutGroup => ({
  class: name,
  dates,
  entries,
  difference: sum(entries) - sum(dates),
});

const sum = (some: readonly { amount: bigint }[]): bigint => some.reduce((total, { amount }) => total + amount, 0n);
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

import type { WorkingDays } from '../calendar/working-days';
import { matchPayouts, type ExpectedDate, type Paid, type PayoutGroup } from './match-payouts';

/** What the provider says that it paid. */
export interface Announced {
  lineId: string;
  day: string;
  amount: bigint;
  reference: string;
}

/** An entry of our bank with the texts in which the provider's number may stand. */
export interface PaidEntry extends Paid {
  texts: readonly string[];
}

export interface AnnouncedGroup extends PayoutGroup {
  lines: Announced[];
}

/** From a provider's payout to its entry at our bank. */
const ON_THE_WAY = 2;

/**
 * With the provider's own word the question falls in two: which dates did it mean to pay (dates ↔ its lines), and did that
 * arrive (its lines ↔ our bank). A difference in either is named by itself. Without a word of it dates meet entries directly.
 */
export function matchAnnounced(
  expected: readonly ExpectedDate[],
  lines: readonly Announced[],
  entries: readonly PaidEntry[],
  asOf: string,
  days: WorkingDays,
): AnnouncedGroup[] {
  if (lines.length === 0) return matchPayouts(expected, entries, asOf).map((group) => ({ ...group, lines: [] }));
  const said = [...lines].filter(({ day }) => day <= asOf).sort((a, b) => order(a, b));
  const tied = tie(
    said,
    [...entries].filter(({ valueDay }) => valueDay <= asOf),
    days,
  );
  const meant = matchPayouts(
    expected,
    said.map(({ lineId, day, amount }) => ({ entryId: lineId, valueDay: day, amount })),
    asOf,
  );
  const groups = meant.map((group): AnnouncedGroup => {
    const own = group.entries
      .map(({ entryId }) => said.find(({ lineId }) => lineId === entryId))
      .filter((line) => line !== undefined);
    return {
      ...group,
      lines: own,
      entries: own.map(({ lineId }) => tied.pairs.get(lineId)).filter((entry) => entry !== undefined),
    };
  });
  return [
    ...groups,
    ...said.flatMap((line) => arrival(line, tied.pairs.get(line.lineId), asOf, days)),
    ...tied.left.map(unknown),
  ];
}

/** By its number in the entry's texts first, then by the same sum within its days; each once. */
function tie(
  lines: readonly Announced[],
  entries: PaidEntry[],
  days: WorkingDays,
): { pairs: Map<string, Paid>; left: PaidEntry[] } {
  const left = entries.sort((a, b) =>
    a.valueDay === b.valueDay ? cmp(a.entryId, b.entryId) : cmp(a.valueDay, b.valueDay),
  );
  const pairs = new Map<string, Paid>();
  const take = (line: Announced, fits: (entry: PaidEntry) => boolean) => {
    const at = pairs.has(line.lineId) ? -1 : left.findIndex(fits);
    const [entry] = at === -1 ? [] : left.splice(at, 1);
    if (entry) pairs.set(line.lineId, entry);
  };
  for (const line of lines)
    take(line, ({ texts }) => line.reference !== '' && texts.some((text) => text.includes(line.reference)));
  for (const line of lines)
    take(line, ({ amount, valueDay }) => {
      return amount === line.amount && valueDay >= line.day && valueDay <= days.after(line.day, ON_THE_WAY);
    });
  return { pairs, left };
}

/** Whether what was announced has come, and all of it. */
function arrival(line: Announced, entry: Paid | undefined, asOf: string, days: WorkingDays): AnnouncedGroup[] {
  const difference = (entry?.amount ?? 0n) - line.amount;
  const group = { dates: [], lines: [line], entries: entry ? [entry] : [], difference };
  if (entry) return difference === 0n ? [] : [{ ...group, class: difference < 0n ? 'payout_short' : 'payout_over' }];
  return days.after(line.day, ON_THE_WAY) < asOf ? [{ ...group, class: 'payout_missing' }] : [];
}

const unknown = ({ entryId, valueDay, amount }: PaidEntry): AnnouncedGroup => ({
  ...{ class: 'payout_unknown', dates: [], lines: [], entries: [{ entryId, valueDay, amount }], difference: amount },
});

const cmp = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const order = (a: Announced, b: Announced): number => cmp(a.day, b.day) || cmp(a.lineId, b.lineId);

import type { PlannedLeg, PlannedPosting } from '../batches/batch';
import { effectOn, type Leg } from '../batches/leg';
import type { SettledItem } from '../items/settled-item';

const LEGS_PER_POSTING = 8;

/** What lines have alike that are summed. */
export type Grouped = Pick<
  SettledItem,
  'kind' | 'branch' | 'acquiringBranch' | 'channel' | 'partner' | 'scheduleId' | 'planId'
>;

/**
 * Collects the legs of one provider-day: matched lines as sums per branch, channel and contract, everything that names an item
 * by itself. The postings come out in an order that depends on the contents only.
 */
export class Plan {
  private readonly groups = new Map<string, Map<string, PlannedLeg>>();
  private readonly singles = new Map<string, PlannedLeg[]>();

  /**
   * Sums the legs into the item's group.
   * @param count how many items they are; −1 takes one out again
   */
  sum(item: Grouped, legs: readonly Leg[], count = 1): void {
    const key = groupKey(item);
    const group = this.groups.get(key) ?? new Map<string, PlannedLeg>();
    this.groups.set(key, group);
    for (const leg of legs) {
      const id = `${leg.debit} ${leg.credit} ${leg.kind}`;
      const before = group.get(id) ?? { ...leg, amount: 0n, channel: item.channel, items: 0 };
      const amount = count < 0 ? before.amount - leg.amount : before.amount + leg.amount;
      group.set(id, { ...before, amount, items: before.items + count });
    }
  }

  /** Legs that name the item, or belong to it alone. */
  single(item: Pick<SettledItem, 'itemId' | 'channel'>, legs: readonly Leg[]): void {
    if (legs.length === 0) return;
    const before = this.singles.get(item.itemId) ?? [];
    this.singles.set(item.itemId, [...before, ...legs.map((leg) => ({ ...leg, channel: item.channel, items: 1 }))]);
  }

  /** The item turned out otherwise: its own legs go. */
  dropSingle(item: SettledItem): void {
    this.singles.delete(item.itemId);
  }

  /** What the plan so far leaves of an item on an account: credits − debits. */
  openOf(account: string, itemId: string): bigint {
    return (this.singles.get(itemId) ?? []).reduce((open, leg) => open + effectOn(account, leg), 0n);
  }

  postings(): PlannedPosting[] {
    const groups = sorted(this.groups).map((group) => sorted(group).filter((leg) => leg.amount !== 0n));
    return [...groups.flatMap(chunk), ...pack(sorted(this.singles))];
  }
}

function groupKey(item: Grouped): string {
  const { kind, branch, acquiringBranch, channel, partner, scheduleId, planId } = item;
  return [kind, branch, acquiringBranch, channel, partner, scheduleId, planId].join('|');
}

const sorted = <V>(map: ReadonlyMap<string, V>): V[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);

function chunk(legs: readonly PlannedLeg[]): PlannedPosting[] {
  const postings: PlannedPosting[] = [];
  for (let at = 0; at < legs.length; at += LEGS_PER_POSTING) postings.push(legs.slice(at, at + LEGS_PER_POSTING));
  return postings;
}

/** Several items to a posting; an item is split only when it alone is too large for one. */
function pack(items: readonly (readonly PlannedLeg[])[]): PlannedPosting[] {
  const postings: PlannedPosting[] = [];
  let current: PlannedLeg[] = [];
  for (const legs of items) {
    if (current.length + legs.length > LEGS_PER_POSTING) {
      postings.push(...chunk(current));
      current = [];
    }
    current.push(...legs);
  }
  return [...postings, ...chunk(current)];
}

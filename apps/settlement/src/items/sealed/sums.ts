import { createHash } from 'node:crypto';
import type { Earned } from '../earned';
import type { SettledDay } from '../engine/settle-segments';
import type { PricedGroup } from '../pricing';

/** What the sealed lines of one group come to, the opened ones left out. `earned`: of all of them together, per level. */
export interface SettledSum {
  branch: string;
  acquiringBranch: string;
  channel: string;
  partner: string;
  scheduleId: string;
  planId: string;
  n: number;
  amount: bigint;
  statementFee: bigint;
  fee: bigint;
  commission: bigint;
  earned: readonly Earned[];
}

type GroupLine = Pick<SettledSum, 'branch' | 'acquiringBranch' | 'channel' | 'partner'>;

export const groupOf = ({ branch, acquiringBranch, channel, partner }: GroupLine): string =>
  [branch, acquiringBranch, channel, partner].join('|');

/** In the order of their groups' names. The statement's fee is the contract's, as far as it is netted, and the differences. */
export function sumsOf({ pricing, gaps }: Pick<SettledDay, 'pricing' | 'gaps'>): SettledSum[] {
  const differences = new Map<string, bigint>();
  for (const gap of gaps) differences.set(groupOf(gap), (differences.get(groupOf(gap)) ?? 0n) + BigInt(gap.gap));
  return pricing.settled().map((group) => sumOf(group, differences.get(groupOf(group.line)) ?? 0n));
}

function sumOf(group: PricedGroup, difference: bigint): SettledSum {
  const { branch, acquiringBranch, channel, partner } = group.line;
  const { schedule, earning, rates } = group;
  const [amount = 0n, ...rest] = group.totals();
  const fee = total(rest.slice(0, schedule.bearers.length));
  const levels = rest.slice(schedule.bearers.length);
  return {
    ...{ branch, acquiringBranch, channel, partner, scheduleId: schedule.id, planId: earning?.plan.id ?? '' },
    ...{ n: group.count, amount, fee, commission: total(levels) },
    statementFee: (schedule.collection === 'netted' ? fee : 0n) + difference,
    earned: (earning?.accounts ?? []).map((account, level) => ({
      ...{ account, ppm: rates[level] ?? 0n, amount: levels[level] ?? 0n, clawed: 0n },
    })),
  };
}

const total = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

/** Over the parts in order: their hashes say all that is in them. */
export function digestOf(parts: readonly { n: number; sha256: string }[]): string {
  const hash = createHash('sha256');
  for (const { n, sha256 } of parts) hash.update(`${n} ${sha256}\n`);
  return hash.digest('hex');
}

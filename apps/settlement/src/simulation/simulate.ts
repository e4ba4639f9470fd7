import { divide, monthPrice, splitByLargestRemainder } from '@yidian/money';
import { feeOf, type FeeRule } from '../fees/fee';
import type { FeeSchedule } from '../fees/fee-schedules';

/** Settled lines of past months that are alike, as they were charged. Amounts signed: a refund's are negative. */
export interface ChargedLines {
  day: string;
  branch: string;
  /** Of one line. */
  amount: bigint;
  face: bigint;
  count: number;
  /** Contract fee charged for all of them. */
  fee: bigint;
}

export interface BranchOutcome {
  branch: string;
  payments: number;
  charged: bigint;
  wouldBe: bigint;
}

/**
 * What a schedule would have charged per branch for lines of past months. Refunds give back what the schedule's policy gives;
 * a tiered schedule prices each whole month, spread as the true-up spreads it; one rounded per day rounds each day's sum.
 */
export function simulate(schedule: FeeSchedule, lines: readonly ChargedLines[]): BranchOutcome[] {
  const outcomes = new Map<string, BranchOutcome>();
  const of = (branch: string): BranchOutcome => {
    const outcome = outcomes.get(branch) ?? { branch, payments: 0, charged: 0n, wouldBe: 0n };
    outcomes.set(branch, outcome);
    return outcome;
  };
  for (const line of lines) {
    of(line.branch).charged += line.fee;
    if (line.amount > 0n) of(line.branch).payments += line.count;
  }
  const price = schedule.tiers.length > 0 ? monthly : schedule.roundPer === 'day' ? daily : each;
  for (const [branch, fee] of price(schedule, lines)) of(branch).wouldBe += fee;
  return [...outcomes.values()].sort((a, b) => (a.branch < b.branch ? -1 : 1));
}

type Priced = Iterable<readonly [string, bigint]>;

function each(schedule: FeeSchedule, lines: readonly ChargedLines[]): Priced {
  return lines.map((line) => [line.branch, lineFee(schedule, line) * BigInt(line.count)] as const);
}

function lineFee(schedule: FeeSchedule, line: ChargedLines): bigint {
  const base = baseOf(schedule, line);
  if (base >= 0n) return feeOf(schedule, base);
  return returned(schedule, line, feeOf(schedule, -base));
}

/** Fee of one refund line: what comes back of `fee`. As the statement says, it is what came back then. */
function returned({ refundPolicy }: FeeSchedule, line: ChargedLines, fee: bigint): bigint {
  if (refundPolicy === 'kept') return 0n;
  return refundPolicy === 'proportional' ? -fee : line.fee / BigInt(line.count);
}

function* daily(schedule: FeeSchedule, lines: readonly ChargedLines[]): Priced {
  for (const line of lines) if (line.amount < 0n) yield [line.branch, lineFee(schedule, line) * BigInt(line.count)];
  for (const day of grouped(
    lines.filter(({ amount }) => amount > 0n),
    ({ day }) => day,
  )) {
    const sums = byBranch(schedule, day);
    const fee = rounded(schedule, sum(sums.map(([, base]) => base)));
    yield* spread(fee, sums);
  }
}

function* monthly(schedule: FeeSchedule, lines: readonly ChargedLines[]): Priced {
  for (const month of grouped(lines, ({ day }) => day.slice(0, 7))) {
    const sums = byBranch(schedule, month);
    const volume = sum(sums.map(([, base]) => base));
    yield* spread(monthPrice(schedule.tiers, schedule.tierMode, volume, schedule.rounding), sums);
  }
}

/** Pro rata by largest remainder, ties by branch code; a branch below nothing counts nothing. */
export function spread(amount: bigint, sums: readonly (readonly [string, bigint])[]): [string, bigint][] {
  const sorted = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  const weights = sorted.map(([, weight]) => (weight < 0n ? 0n : weight));
  if (amount === 0n || weights.every((weight) => weight === 0n)) return [];
  const parts = splitByLargestRemainder(amount, weights);
  return sorted.map(([branch], i) => [branch, parts[i] ?? 0n]);
}

function byBranch(schedule: FeeSchedule, lines: readonly ChargedLines[]): [string, bigint][] {
  const sums = new Map<string, bigint>();
  for (const line of lines)
    sums.set(line.branch, (sums.get(line.branch) ?? 0n) + baseOf(schedule, line) * BigInt(line.count));
  return [...sums];
}

const baseOf = ({ base }: FeeSchedule, line: ChargedLines): bigint => (base === 'face' ? line.face : line.amount);
const rounded = (rule: FeeRule, base: bigint): bigint => divide(base * rule.ppm, 1_000_000n, rule.rounding);
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

function grouped(lines: readonly ChargedLines[], keyOf: (line: ChargedLines) => string): ChargedLines[][] {
  const groups = new Map<string, ChargedLines[]>();
  for (const line of lines) {
    const group = groups.get(keyOf(line));
    if (group) group.push(line);
    else groups.set(keyOf(line), [line]);
  }
  return [...groups.values()];
}

import { divide, monthPrice } from '@yidian/money';
import { HQ_FEES, due, leg, payable, type Leg } from '../batches/leg';
import { levelsOf, type CommissionBase, type CommissionPlan } from '../commissions/commission';
import type { FeeSchedule } from '../fees/fee-schedules';
import { spread } from '../simulation/simulate';
import type { MonthLines } from './month-lines.store';

/** What a month's tiers make of a party's share beyond the provisional prices: + is owed by the branch. */
export interface TrueUp {
  termsId: string;
  /** Who bears it: a branch code, or `hq` when no branch has volume. */
  bearer: string;
  account: string;
  amount: bigint;
}

/**
 * True-up of a provider's tiers: round(T(V)) − Σ provisional, V = the month's settled charged less refunds dated in it, spread
 * over the branches pro rata to their volume. Where nobody has volume it is headquarters'.
 */
export function feeTrueUp(schedule: FeeSchedule, lines: readonly MonthLines[]): TrueUp[] {
  const mine = lines.filter(({ scheduleId }) => scheduleId === schedule.id);
  const volumes = sumBy(
    mine,
    ({ branch }) => branch,
    (line) => (schedule.base === 'face' ? line.face : line.charged),
  );
  const price = monthPrice(schedule.tiers, schedule.tierMode, total(volumes), schedule.rounding);
  const off = price - mine.reduce((sum, { fee }) => sum + fee, 0n);
  return shared(off, volumes).map(([bearer, amount]) => ({
    ...{ termsId: schedule.id, bearer, account: payable(schedule.provider), amount },
  }));
}

/**
 * True-up of a plan's tiers, per earner, top level first: each level's T(V) less that of the level below it, less what it was
 * given provisionally. V is the plan's own base; one that is net of the fee stands on the fee's true-up.
 */
export function commissionTrueUp(
  plan: CommissionPlan,
  lines: readonly MonthLines[],
  feeTrueUps: readonly TrueUp[],
): TrueUp[] {
  const mine = lines.filter(({ planId }) => planId === plan.id);
  const chains = [...new Set(mine.map(chainOf))].sort();
  return chains.flatMap((chain) => {
    const own = mine.filter((line) => chainOf(line) === chain);
    const volumes = sumBy(
      own,
      ({ branch }) => branch,
      (line) => baseOf(plan.base, line, lines, feeTrueUps),
    );
    const levels = levelsOf(plan);
    const price = (level: number): bigint => {
      const tiers = levels[level]?.tiers ?? [];
      return tiers.length === 0 ? 0n : monthPrice(tiers, plan.tierMode, total(volumes), plan.rounding);
    };
    return levels
      .map((_, level) => ({ level, account: own[0]?.earned[level]?.account ?? '' }))
      .reverse()
      .flatMap(({ level, account }) => {
        const off = price(level) - price(level - 1) - provisional(own, level);
        return shared(off, volumes).map(([bearer, amount]) => ({ termsId: plan.id, bearer, account, amount }));
      });
  });
}

/** Row 17. A commission that headquarters bears is trued up by it. */
export function trueUpLegs(trueUps: readonly TrueUp[], bearer: 'home' | 'hq' = 'home'): Leg[] {
  return trueUps.flatMap(({ bearer: branch, account, amount }) =>
    leg(bearer === 'hq' || branch === 'hq' ? HQ_FEES : due(branch), account, amount, 'true_up'),
  );
}

const chainOf = ({ earned }: MonthLines): string => earned.map(({ account }) => account).join(' ');

function provisional(lines: readonly MonthLines[], level: number): bigint {
  return lines.reduce((sum, { earned, count }) => sum + (earned[level]?.amount ?? 0n) * BigInt(count), 0n);
}

function baseOf(
  base: CommissionBase,
  line: MonthLines,
  lines: readonly MonthLines[],
  feeTrueUps: readonly TrueUp[],
): bigint {
  if (base === 'face') return line.face;
  if (base === 'charged') return line.charged;
  return line.charged - line.fee - shareOfTrueUp(line, lines, feeTrueUps);
}

/** A branch's true-up of a schedule, as far as these lines' volume goes. */
function shareOfTrueUp(line: MonthLines, lines: readonly MonthLines[], feeTrueUps: readonly TrueUp[]): bigint {
  const found = feeTrueUps.find(({ termsId, bearer }) => termsId === line.scheduleId && bearer === line.branch);
  if (!found) return 0n;
  const whole = lines
    .filter(({ scheduleId, branch }) => scheduleId === line.scheduleId && branch === line.branch)
    .reduce((sum, { charged }) => sum + charged, 0n);
  return whole <= 0n ? 0n : divide(found.amount * line.charged, whole);
}

function shared(off: bigint, volumes: ReadonlyMap<string, bigint>): [string, bigint][] {
  if (off === 0n) return [];
  const parts = spread(off, [...volumes]).filter(([, amount]) => amount !== 0n);
  return parts.length === 0 ? [['hq', off]] : parts;
}

function sumBy<T>(list: readonly T[], keyOf: (one: T) => string, of: (one: T) => bigint): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const one of list) sums.set(keyOf(one), (sums.get(keyOf(one)) ?? 0n) + of(one));
  return sums;
}

const total = (sums: ReadonlyMap<string, bigint>): bigint => [...sums.values()].reduce((a, b) => a + b, 0n);

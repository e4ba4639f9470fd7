import type { CommissionPlan } from '../commissions/commission';
import type { EarnerMonth } from './earner-month';
import type { MonthLines } from './month-lines.store';
import type { Figure } from './months.store';

export interface EarnerInputs {
  lines: readonly MonthLines[];
  plans: readonly CommissionPlan[];
  /** Of the month's commission true-up: party = the account. */
  trueUps: readonly Figure[];
  /** Of the month before: what it carried. */
  before: readonly Figure[];
}

const NOTHING: EarnerMonth = {
  ...{ earned: 0n, clawed: 0n, trueUp: 0n, carriedIn: 0n, negativeIn: 0n, capPpm: null, taxPpm: 0n },
};

/** Every account that earned, lost or carries something, by its name. Of several plans the strictest cap and highest tax hold. */
export function earnerMonths({ lines, plans, trueUps, before }: EarnerInputs): Map<string, EarnerMonth> {
  const months = new Map<string, EarnerMonth>();
  const change = (account: string, given: (month: EarnerMonth) => Partial<EarnerMonth>): void => {
    const month = months.get(account) ?? NOTHING;
    months.set(account, { ...month, ...given(month) });
  };
  const byId = new Map(plans.map((plan) => [plan.id, plan]));
  for (const { earned, count, planId } of lines)
    for (const { account, amount } of earned) {
      const whole = amount * BigInt(count);
      const plan = byId.get(planId);
      change(account, (month) => ({
        ...(whole > 0n ? { earned: month.earned + whole } : { clawed: month.clawed - whole }),
        capPpm: strictest(month.capPpm, plan?.clawCapPpm ?? null),
        taxPpm: plan && plan.taxPpm > month.taxPpm ? plan.taxPpm : month.taxPpm,
      }));
    }
  for (const { party, amount } of trueUps) change(party, ({ trueUp }) => ({ trueUp: trueUp + amount }));
  for (const { party, name, amount } of before) {
    if (amount === 0n) continue;
    if (name === 'carriedOut') change(party, () => ({ carriedIn: amount }));
    if (name === 'negativeOut') change(party, () => ({ negativeIn: amount }));
  }
  return new Map([...months].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const strictest = (a: bigint | null, b: bigint | null): bigint | null =>
  a === null ? b : b === null ? a : a < b ? a : b;

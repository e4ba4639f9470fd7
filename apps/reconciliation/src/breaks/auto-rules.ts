import type { BreakClass } from '@yidian/contracts';
import { allowed } from './allowed-actions';
import { stepsOf, type Break } from './break';
import { defaultLimits, type RuleLimits } from './rule-limits';

export interface RulePlan {
  run: Break[];
  stopped: { class: BreakClass; count: number; amount: bigint; why: string }[];
}

/** What a rule has done already on this provider and date: a night that is run again does not begin with fresh limits. */
export interface RuleUse {
  count: number;
  amount: bigint;
}

export interface RulesInForce {
  /** Limits that people set; a class without any has the product's. */
  limits: ReadonlyMap<BreakClass, RuleLimits>;
  used: ReadonlyMap<BreakClass, RuleUse>;
}

const AS_THE_PRODUCT_COMES: RulesInForce = { limits: new Map(), used: new Map() };
const UNUSED: RuleUse = { count: 0, amount: 0n };

/**
 * Which open items rules may settle alone tonight. One rule per class; an item over its limit waits by itself, but past the
 * count, the total or the share the whole rule stops and nothing of it runs. A rule that is switched off runs nothing.
 */
export function planRules(
  rows: readonly Break[],
  statementLines: number,
  rules: RulesInForce = AS_THE_PRODUCT_COMES,
): RulePlan {
  const byClass = new Map<BreakClass, Break[]>();
  for (const row of rows) {
    const steps = stepsOf(row);
    if (steps.length === 0 || !steps.every((step) => allowed(row, step))) continue;
    byClass.set(row.class, [...(byClass.get(row.class) ?? []), row]);
  }
  const plan: RulePlan = { run: [], stopped: [] };
  for (const [cls, all] of byClass) {
    const limits = rules.limits.get(cls) ?? defaultLimits(stepsOf(all[0] ?? { steps: '' }));
    if (!limits.enabled) continue;
    const used = rules.used.get(cls) ?? UNUSED;
    const count = all.length + used.count;
    const amount = all.reduce((sum, row) => sum + size(row.at_stake), used.amount);
    const why = overLimit(limits, count, amount, statementLines);
    if (why) plan.stopped.push({ class: cls, count, amount, why });
    else plan.run.push(...all.filter((row) => size(row.at_stake) <= limits.item));
  }
  return plan;
}

function overLimit(limits: RuleLimits, count: number, amount: bigint, lines: number): string | null {
  if (count > limits.count) return `${count} items are more than ${limits.count}`;
  if (amount > limits.total) return `${amount} fen are more than ${limits.total}`;
  const share = (BigInt(lines) * limits.sharePpm) / 1_000_000n;
  if (count > limits.shareFloor && BigInt(count) > share)
    return `${count} items are more than ${share} of ${lines} lines`;
  return null;
}

const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

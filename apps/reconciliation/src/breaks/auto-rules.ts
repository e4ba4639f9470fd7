import type { BreakClass } from '@yidian/contracts';
import { allowed } from './allowed-actions';
import { stepsOf, type Break } from './break';

/** Limits of one rule, per provider and night. A wrong file makes thousands of "small" breaks. */
export interface RuleLimits {
  /** Fen; a larger item waits for people, the rule goes on. */
  item: bigint;
  /** Fen of all items together; past it the whole rule stops. */
  total: bigint;
  count: number;
  /** Parts per million of the statement's lines … */
  sharePpm: bigint;
  /** … unless they are no more than so many: of a short file a share says nothing. */
  shareFloor: number;
}

const NORMAL: RuleLimits = { item: 100_000n, total: 5_000_000n, count: 200, sharePpm: 5_000n, shareFloor: 20 };

/** Only asks; nothing moves. */
const ASKING: RuleLimits = { ...NORMAL, item: 1_000_000_000_000n, total: 1_000_000_000_000n };

export interface RulePlan {
  run: Break[];
  stopped: { class: BreakClass; count: number; amount: bigint; why: string }[];
}

/**
 * Which open items rules may settle alone tonight. One rule per class; an item over its limit waits by itself, but past the
 * count, the total or the share the whole rule stops and nothing of it runs.
 */
export function planRules(rows: readonly Break[], statementLines: number): RulePlan {
  const byClass = new Map<BreakClass, Break[]>();
  for (const row of rows) {
    const steps = stepsOf(row);
    if (steps.length === 0 || !steps.every((step) => allowed(row, step))) continue;
    byClass.set(row.class, [...(byClass.get(row.class) ?? []), row]);
  }
  const plan: RulePlan = { run: [], stopped: [] };
  for (const [cls, all] of byClass) {
    const limits = stepsOf(all[0] ?? { steps: '' }).every((step) => step === 'requery') ? ASKING : NORMAL;
    const amount = all.reduce((sum, row) => sum + size(row.at_stake), 0n);
    const why = overLimit(limits, all.length, amount, statementLines);
    if (why) plan.stopped.push({ class: cls, count: all.length, amount, why });
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

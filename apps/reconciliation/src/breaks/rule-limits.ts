import type { BreakClass, RuleLimitsView } from '@yidian/contracts';
import { PAYMENT_ROWS } from '../matching/payment-table';
import { REFUND_ROWS } from '../matching/refund-table';
import { VALUE_ROWS } from '../matching/value-table';

/** Limits of one rule, per provider and night. A wrong file makes thousands of "small" breaks. */
export interface RuleLimits {
  enabled: boolean;
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

const NORMAL: RuleLimits = {
  enabled: true,
  ...{ item: 100_000n, total: 5_000_000n, count: 200, sharePpm: 5_000n, shareFloor: 20 },
};

/** Only asks; nothing moves. */
const ASKING: RuleLimits = { ...NORMAL, item: 1_000_000_000_000n, total: 1_000_000_000_000n };

/** As the product comes, until two people say otherwise. */
export const defaultLimits = (steps: readonly string[]): RuleLimits =>
  steps.every((step) => step === 'requery') ? ASKING : NORMAL;

/** Classes whose tables let a rule try something, with what the rule of each would do: what there are rules for. */
export function ruleClasses(): Map<BreakClass, readonly string[]> {
  const found = new Map<BreakClass, readonly string[]>();
  const rows = [
    ...PAYMENT_ROWS.map(([, , , , cls, , steps]) => ({ cls, steps })),
    ...REFUND_ROWS.map(([, , , , cls, , steps]) => ({ cls, steps })),
    ...VALUE_ROWS.map(({ class: cls, steps }) => ({ cls, steps })),
  ];
  for (const { cls, steps } of rows)
    if (steps.length > 0 && cls !== 'matched' && cls !== 'none' && !found.has(cls)) found.set(cls, steps);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const limitsOf = (view: RuleLimitsView): RuleLimits => ({
  ...view,
  item: BigInt(view.item),
  total: BigInt(view.total),
  sharePpm: BigInt(view.sharePpm),
});

export const limitsView = (limits: RuleLimits): RuleLimitsView => ({
  ...limits,
  item: String(limits.item),
  total: String(limits.total),
  sharePpm: Number(limits.sharePpm),
});

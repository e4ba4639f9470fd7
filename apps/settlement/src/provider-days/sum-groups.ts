import { clearing, leg, suspense } from '../batches/leg';
import type { FeeGap } from '../items/engine/settle-part';
import type { Pricing } from '../items/pricing';
import type { Plan } from './plan';

/** Rows 1b and 8a: what the groups have counted, as legs of their sums. */
export function sumGroups(plan: Plan, pricing: Pricing): void {
  for (const group of pricing.settled()) {
    const [scheduleId, planId] = [group.schedule.id, group.earning?.plan.id ?? ''];
    const legs = group.legs(pricing.terms.provider);
    plan.sum({ ...group.line, kind: 'payment', scheduleId, planId }, legs, group.count);
  }
}

/** Row 12 of lines that came in a segment: their item in suspense is called by the payment's number. */
export function singleGaps(plan: Plan, provider: string, gaps: readonly FeeGap[]): void {
  for (const { paymentNo, channel, gap } of gaps) {
    const itemId = `fee/${paymentNo}`;
    plan.single({ itemId, channel }, leg(suspense(provider), clearing(provider), BigInt(gap), 'suspense_fee', itemId));
  }
}

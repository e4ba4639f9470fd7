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

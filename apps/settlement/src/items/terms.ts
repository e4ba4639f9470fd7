import type { CommissionPlan } from '../commissions/commission';
import type { FeeSchedule } from '../fees/fee-schedules';

/** The contracts that price one provider-day: every schedule of the provider and every plan, past ones too, for claw-backs. */
export interface Terms {
  provider: string;
  date: string;
  schedules: readonly FeeSchedule[];
  plans: readonly CommissionPlan[];
}

/** The very rule a payment was priced by. */
export function scheduleById(terms: Terms, id: string): FeeSchedule {
  const found = terms.schedules.find((schedule) => schedule.id === id);
  if (!found) throw new Error(`fee schedule ${id} is named by a settled payment and is gone`);
  return found;
}

export function planById(terms: Terms, id: string): CommissionPlan {
  const found = terms.plans.find((plan) => plan.id === id);
  if (!found) throw new Error(`commission plan ${id} is named by a settled payment and is gone`);
  return found;
}

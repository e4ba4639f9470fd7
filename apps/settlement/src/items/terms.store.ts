import { Injectable } from '@nestjs/common';
import { levelsOf, type CommissionPlan } from '../commissions/commission';
import { CommissionPlansStore } from '../commissions/commission-plans.store';
import type { FeeSchedule } from '../fees/fee-schedules';
import { FeeSchedulesStore } from '../fees/fee-schedules.store';
import { MonthTiersStore } from '../fees/month-tiers.store';
import type { Terms } from './terms';

/** Contracts are few: they are read whole, once per provider-day. A tiered one comes with the month's provisional rate. */
@Injectable()
export class TermsStore {
  constructor(
    private readonly schedules: FeeSchedulesStore,
    private readonly plans: CommissionPlansStore,
    private readonly tiers: MonthTiersStore,
  ) {}

  async of(provider: string, date: string): Promise<Terms> {
    const [schedules, plans] = await Promise.all([this.schedules.ofProvider(provider), this.plans.all()]);
    const month = date.slice(0, 7);
    return {
      ...{ provider, date },
      schedules: await inOrder(schedules, (schedule) => this.schedule(schedule, month)),
      plans: await inOrder(plans, (plan) => this.plan(plan, month)),
    };
  }

  private async schedule(schedule: FeeSchedule, month: string): Promise<FeeSchedule> {
    if (schedule.tiers.length === 0) return schedule;
    return { ...schedule, ppm: await this.tiers.rate({ of: 'schedule', id: schedule.id, month }, 0, schedule.tiers) };
  }

  private async plan(plan: CommissionPlan, month: string): Promise<CommissionPlan> {
    if (levelsOf(plan).every(({ tiers }) => tiers.length === 0)) return plan;
    const levels = await inOrder(levelsOf(plan), async (level, at) => ({
      ...level,
      ppm: await this.tiers.rate({ of: 'plan', id: plan.id, month }, at, level.tiers),
    }));
    return { ...plan, levels };
  }
}

async function inOrder<A, B>(list: readonly A[], step: (one: A, at: number) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (const [at, one] of list.entries()) results.push(await step(one, at));
  return results;
}

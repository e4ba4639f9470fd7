import { Injectable } from '@nestjs/common';
import { CommissionPlansStore } from '../commissions/commission-plans.store';
import { FeeSchedulesStore } from '../fees/fee-schedules.store';
import type { Terms } from './terms';

/** Contracts are few: they are read whole, once per provider-day. */
@Injectable()
export class TermsStore {
  constructor(
    private readonly schedules: FeeSchedulesStore,
    private readonly plans: CommissionPlansStore,
  ) {}

  async of(provider: string, date: string): Promise<Terms> {
    const [schedules, plans] = await Promise.all([this.schedules.ofProvider(provider), this.plans.all()]);
    return { provider, date, schedules, plans };
  }
}

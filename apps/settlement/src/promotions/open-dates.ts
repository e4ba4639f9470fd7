import { Inject, Injectable } from '@nestjs/common';
import type { RpcClient } from '@yidian/messaging';
import { shanghaiDate } from '../calendar/working-days';
import { MonthsStore } from '../months/months.store';
import { RECONCILIATION } from '../resources/tokens';

/** Positions and statements of a date that is signed off, or whose month is trued up, stand as they were told. */
@Injectable()
export class OpenDates {
  constructor(
    private readonly months: MonthsStore,
    @Inject(RECONCILIATION) private readonly reconciliation: RpcClient<'reconciliation'>,
  ) {}

  /** The date itself while it is open, else today. */
  async of(date: string): Promise<string> {
    const today = shanghaiDate(new Date());
    if (date >= today) return date;
    if (await this.months.trued(date.slice(0, 7))) return today;
    return (await this.reconciliation.call('night.status', { date })).signedOff ? today : date;
  }
}

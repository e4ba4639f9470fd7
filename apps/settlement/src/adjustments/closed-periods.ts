import { Inject, Injectable } from '@nestjs/common';
import type { AdjustmentOriginal, NightStatusReply } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { RpcUnknown, type RpcClient } from '@yidian/messaging';
import { nextDay } from '../calendar/working-days';
import { daysOf } from '../fees/month';
import { MonthsStore } from '../months/months.store';
import { RECONCILIATION } from '../resources/tokens';

const CALL_MS = 3_000;
/** More signed days than this lie ahead of today only when a clock is wrong. */
const LONGEST_SEARCH = 62;

/** What is signed off, and where what comes after it is counted. */
@Injectable()
export class ClosedPeriods {
  constructor(
    private readonly months: MonthsStore,
    @Inject(RECONCILIATION) private readonly reconciliation: RpcClient<'reconciliation'>,
  ) {}

  /**
   * A date counts as closed when it is signed off or its month is trued up: a re-run is then refused, too.
   * @throws Problem not_signed_off, field_invalid (no such date), busy
   */
  async assertClosed(original: AdjustmentOriginal): Promise<void> {
    if (original.kind === 'month') {
      const { state = 'open' } = (await this.months.find(original.month)) ?? {};
      if (state !== 'signed_off')
        throw new Problem('not_signed_off', { detail: `${original.month} is ${state}: its close goes on instead` });
      return;
    }
    const { date } = original;
    assertDate(date);
    if ((await this.months.trued(date.slice(0, 7))) || (await this.night(date)).signedOff) return;
    throw new Problem('not_signed_off', { detail: `${date} is not signed off: settle it again instead` });
  }

  /**
   * The date an adjustment counts for: today, unless today or its month is closed already; then the first date that is not.
   * A closed period is never touched: its statements, trial balance and digests stand as they were signed.
   * @throws Problem busy
   */
  async openDate(today: string): Promise<string> {
    let date = today;
    for (let n = 0; n < LONGEST_SEARCH; n++) {
      if (await this.months.trued(date.slice(0, 7))) date = nextDay(daysOf(date.slice(0, 7)).last);
      else if ((await this.night(date)).signedOff) date = nextDay(date);
      else return date;
    }
    throw new Error(`no open date within ${LONGEST_SEARCH} dates of ${today}`);
  }

  /** Nothing is done yet when reconciliation does not answer: the caller asks again. */
  private async night(date: string): Promise<NightStatusReply> {
    try {
      return await this.reconciliation.call('night.status', { date }, CALL_MS);
    } catch (error) {
      if (error instanceof RpcUnknown) throw new Problem('busy', { detail: 'reconciliation does not answer' });
      throw error;
    }
  }
}

function assertDate(date: string): void {
  try {
    nextDay(date);
  } catch {
    throw new Problem('field_invalid', { detail: 'original: no such date' });
  }
}

import { Injectable } from '@nestjs/common';
import type { BreakView } from '@yidian/contracts';
import { fromDigits, sum, toJson } from '@yidian/money';
import type { OperatorCaller } from '../../access';
import { ReconciliationRpc } from '../../platform';
import type { Today } from './finance.schema';
import { ask, branchOf } from './scope';

/** A page of breaks is 100; past this many the figure is what was counted so far. */
const MAX_PAGES = 50;
const DAYS_SHOWN = 14;

/** The five figures of the first page, of the operator's own branch if it has one. */
@Injectable()
export class FinanceToday {
  constructor(private readonly reconciliation: ReconciliationRpc) {}

  async execute(operator: OperatorCaller): Promise<Today> {
    const branch = branchOf(operator);
    const [open, proposed, suspense, { days }] = await ask(
      Promise.all([
        this.breaks('open', branch),
        this.breaks('proposed', branch),
        this.breaks('suspense', branch),
        this.reconciliation.call('days.list', { limit: DAYS_SHOWN }),
      ]),
    );
    const atStake = [...open, ...proposed].map((one) => fromDigits(one.atStake));
    return {
      object: 'finance_today',
      business_date:
        days
          .map((day) => day.date)
          .sort()
          .at(-1) ?? '',
      approvals: proposed.length,
      breaks: { open: open.length },
      in_doubt: suspense.length,
      days_open: branch === undefined ? days.filter((day) => !day.signedOff).length : 0,
      money_at_risk: toJson(sum(atStake.map((amount) => (amount < 0n ? -amount : amount)))),
    };
  }

  private async breaks(state: 'open' | 'proposed' | 'suspense', branch: string | undefined): Promise<BreakView[]> {
    const all: BreakView[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MAX_PAGES; page++) {
      const filter = { state, limit: 100, ...(branch ? { branch } : {}), ...(cursor ? { cursor } : {}) };
      const reply: { data: BreakView[]; nextCursor: string | null } = await this.reconciliation.call(
        'breaks.list',
        filter,
      );
      all.push(...reply.data);
      cursor = reply.nextCursor;
      if (cursor === null) break;
    }
    return all;
  }
}

import { Injectable } from '@nestjs/common';
import type { MonthReply } from '@yidian/contracts';
import { MONTH_STEPS } from './month.states';
import { MonthsStore } from './months.store';

const LAST = MONTH_STEPS.length;

@Injectable()
export class ShowMonth {
  constructor(private readonly months: MonthsStore) {}

  /** A month nobody has begun is open, with all its steps before it. */
  async execute(month: string): Promise<MonthReply> {
    const row = await this.months.find(month);
    const steps = await this.months.steps(month);
    const figures = await this.months.figures(month);
    return {
      month,
      state: row?.state ?? 'open',
      ...{ proposedBy: row?.proposed_by ?? '', signedBy: row?.signed_by ?? '', digest: row?.digest ?? '' },
      steps: MONTH_STEPS.map((name, at) => {
        const step = steps[at];
        return { no: at + 1, name, state: step?.state ?? 'waiting', detail: step?.detail ?? '' };
      }),
      figures: figures
        .filter(({ step }) => step !== LAST)
        .map(({ step, terms_id, party, name, amount }) => ({
          ...{ step, termsId: terms_id, party, name, amount: String(amount) },
        })),
      trialBalance: figures
        .filter(({ step }) => step === LAST)
        .map(({ party, amount }) => ({ account: party, balance: String(amount) })),
    };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { monthsRun } from '@yidian/contracts';
import type { Db } from '@yidian/database';
import { Problem } from '@yidian/errors';
import type { z } from 'zod';
import type { Batch } from '../batches/batch';
import { PostMovement } from '../batches/post-movement';
import { shanghaiDate } from '../calendar/working-days';
import { daysOf } from '../fees/month';
import { DB } from '../resources/tokens';
import { MonthWork, type StepOutcome } from './month-work';
import type { MonthStep } from './month.states';
import { MonthsStore } from './months.store';

type Request = z.output<typeof monthsRun>;

/**
 * Closes a month step by step, in one order. A step that is done stays done and its figures are rows; what it posts is planned
 * in the transaction that marks it done, so a crash at any point is taken up where the rows say.
 */
@Injectable()
export class CloseMonth {
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly months: MonthsStore,
    private readonly work: MonthWork,
    private readonly movements: PostMovement,
  ) {}

  /**
   * Goes as far as it can; two calls for a month share one execution.
   * @throws Problem month_not_over: what is trued up, netted and told of it would not be all of it
   */
  async execute(request: Request, now = new Date()): Promise<void> {
    const { last } = daysOf(request.month);
    if (last >= shanghaiDate(now)) throw new Problem('month_not_over', { detail: `${last} is not over` });
    const running =
      this.running.get(request.month) ?? this.run(request).finally(() => this.running.delete(request.month));
    this.running.set(request.month, running);
    await running;
  }

  private async run(request: Request): Promise<void> {
    const { month, actor } = request;
    const state = await this.db.transaction(async (tx) => {
      const before = await this.months.lock(tx, month);
      if (before.state === 'open') await this.months.move(tx, month, 'open', 'closing', { proposed_by: actor });
      return before.state;
    });
    if (state === 'signed_off') throw new Problem('state_conflict', { detail: `${month} is signed off` });
    for (const { no, name, state: step } of await this.months.steps(month)) {
      if (step === 'done') continue;
      if (name === 'sign_off') break;
      const outcome = await this.outcomeOf(name as MonthStep, request);
      await this.keep(request, no, outcome);
      if (outcome.blocked) return;
    }
    await this.db.transaction((tx) => this.months.move(tx, month, 'closing', 'closed', {}));
  }

  private outcomeOf(name: MonthStep, { month, actor, missing }: Request): Promise<StepOutcome> {
    switch (name) {
      case 'last_day':
      case 'provider_invoices':
        return this.work[name](month, missing);
      case 'statements':
        return this.work.statementsStep(month, actor);
      case 'sign_off':
        throw new Error('a month is signed off by another person');
      default:
        return this.work[name](month);
    }
  }

  private async keep({ month, actor }: Request, no: number, outcome: StepOutcome): Promise<void> {
    const planned: Batch[] = [];
    await this.db.transaction(async (tx) => {
      planned.length = 0;
      await this.months.lock(tx, month);
      const now = (await this.months.steps(month, tx)).find((step) => step.no === no);
      if (now?.state === 'done') return;
      for (const { key, provider, legs } of outcome.movements ?? [])
        planned.push(await this.movements.plan(tx, { key, day: daysOf(month).last, provider, actor, legs }));
      await this.months.addFigures(tx, month, outcome.figures ?? []);
      await this.months.step(tx, month, no, outcome.blocked ? 'blocked' : 'done', outcome.detail);
    });
    await this.movements.forward(planned);
  }
}

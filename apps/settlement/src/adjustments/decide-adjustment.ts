import { Inject, Injectable } from '@nestjs/common';
import type { adjustmentsDecide } from '@yidian/contracts';
import type { Db, Queryable } from '@yidian/database';
import { Problem } from '@yidian/errors';
import type { z } from 'zod';
import { shanghaiDate } from '../calendar/working-days';
import { DB } from '../resources/tokens';
import type { Adjustment } from './adjustment';
import { AdjustmentsStore } from './adjustments.store';
import { ClosedPeriods } from './closed-periods';
import { PostAdjustment } from './post-adjustment';

type Decision = z.output<typeof adjustmentsDecide>;

/**
 * Promise: an adjustment is decided once, by another person than the one who proposed it. The decision and the plan of its
 * legs are one transaction; the plan is posted after it under the batch's own key.
 */
@Injectable()
export class DecideAdjustment {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly store: AdjustmentsStore,
    private readonly periods: ClosedPeriods,
    private readonly posting: PostAdjustment,
  ) {}

  /** @throws Problem not_found, own_proposal, state_conflict (decided, or a payment no longer holds so much), busy */
  async execute(decision: Decision, now = new Date()): Promise<Adjustment> {
    const asked = await this.found(decision.id);
    const approving = decision.decision === 'approve' && asked.state === 'proposed';
    if (approving) await this.posting.prepare(asked);
    const date = approving ? await this.periods.openDate(shanghaiDate(now)) : '';
    const batchId = await this.db.transaction((tx) => this.decide(tx, decision, date));
    if (batchId !== '') await this.posting.forward(batchId);
    return this.found(decision.id);
  }

  /** @returns the batch that is to be posted; empty: nothing moves */
  private async decide(tx: Queryable, { id, decision, note, actor }: Decision, date: string): Promise<string> {
    const adjustment = await this.found(id, tx);
    const state = decision === 'approve' ? ('approved' as const) : ('rejected' as const);
    if (adjustment.state === state && adjustment.decidedBy === actor) return adjustment.batchId;
    if (adjustment.state !== 'proposed')
      throw new Problem('state_conflict', { detail: `${id} is ${adjustment.state} by ${adjustment.decidedBy}` });
    if (adjustment.proposedBy === actor) throw new Problem('own_proposal');
    const batchId = state === 'approved' ? await this.posting.plan(tx, adjustment, date, actor) : '';
    const decided = { state, by: actor, note, accountingDate: date || null, batchId };
    if (!(await this.store.decide(tx, id, decided)))
      throw new Problem('state_conflict', { detail: `${id} was decided meanwhile` });
    return batchId;
  }

  private async found(id: string, queryable?: Queryable): Promise<Adjustment> {
    const found = await this.store.find(id, queryable);
    if (!found) throw new Problem('not_found', { detail: `there is no adjustment ${id}` });
    return found;
  }
}

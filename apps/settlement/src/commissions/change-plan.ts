import { Injectable } from '@nestjs/common';
import type { plansDecide, plansPropose, PlanTermsView } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import type { z } from 'zod';
import { printTerms } from '../fees/print-terms';
import { commissionPlanEntry } from '../profile/settlement-profile';
import { CommissionPlansStore, type CommissionPlanTerms } from './commission-plans.store';

/** Promise: a commission plan is activated by two people and never edited: payments carry what it gave them. */
@Injectable()
export class ChangePlan {
  constructor(private readonly plans: CommissionPlansStore) {}

  async propose({ plan, actor, reason }: z.output<typeof plansPropose>): Promise<PlanTermsView> {
    const parsed = commissionPlanEntry.safeParse(plan);
    if (!parsed.success)
      throw new Problem('field_invalid', { detail: parsed.error.issues.map(({ message }) => message).join('; ') });
    const { demo: _, ...terms } = parsed.data;
    const known = await this.plans.terms(terms.id);
    if (known && canonical(known.plan) !== canonical(terms))
      throw new Problem('state_conflict', { detail: `${terms.id} is there with other terms` });
    if (!known) await this.plans.add(terms, { ...{ state: 'draft', proposedBy: actor, decidedBy: '' }, reason });
    return this.view(terms.id);
  }

  async decide({ id, decision, actor }: z.output<typeof plansDecide>): Promise<PlanTermsView> {
    const { decision: before } = await this.found(id);
    const to = decision === 'approve' ? 'active' : 'rejected';
    if (before.state === to && before.decidedBy === actor) return this.view(id);
    if (before.state !== 'draft') throw new Problem('state_conflict', { detail: `${id} is ${before.state}` });
    if (before.proposedBy === actor) throw new Problem('own_proposal');
    if (!(await this.plans.decide(id, to, actor)))
      throw new Problem('state_conflict', { detail: `${id} was decided meanwhile` });
    return this.view(id);
  }

  async list(): Promise<PlanTermsView[]> {
    return (await this.plans.list()).map(viewOf);
  }

  private async view(id: string): Promise<PlanTermsView> {
    return viewOf(await this.found(id));
  }

  private async found(id: string): Promise<CommissionPlanTerms> {
    const found = await this.plans.terms(id);
    if (!found) throw new Problem('not_found', { detail: `there is no commission plan ${id}` });
    return found;
  }
}

const viewOf = ({ plan, decision }: CommissionPlanTerms): PlanTermsView => ({
  ...{ id: plan.id, plan: printTerms(plan) },
  ...decision,
});

const canonical = (terms: object): string =>
  JSON.stringify(Object.entries(printTerms(terms)).sort(([a], [b]) => (a < b ? -1 : 1)));

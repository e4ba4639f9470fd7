import { Injectable } from '@nestjs/common';
import type { feesDecide, feesPropose, FeeTermsView } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import type { z } from 'zod';
import { feeScheduleEntry } from '../profile/settlement-profile';
import { FeeSchedulesStore, type FeeScheduleTerms } from './fee-schedules.store';
import { printTerms } from './print-terms';

/**
 * Promise: a line of a contract is activated by two people, and the second has been shown what it would have cost. It is never
 * edited: payments point to the line they were priced by.
 */
@Injectable()
export class ChangeSchedule {
  constructor(private readonly schedules: FeeSchedulesStore) {}

  /** The same proposal again is answered as it stands; the same id with other terms is refused. */
  async propose({ schedule, actor, reason }: z.output<typeof feesPropose>): Promise<FeeTermsView> {
    const parsed = feeScheduleEntry.safeParse(schedule);
    if (!parsed.success)
      throw new Problem('field_invalid', { detail: parsed.error.issues.map(({ message }) => message).join('; ') });
    const { demo: _, ...terms } = parsed.data;
    const known = await this.schedules.terms(terms.id);
    if (known && canonical(known.schedule) !== canonical(terms))
      throw new Problem('state_conflict', { detail: `${terms.id} is there with other terms` });
    if (!known)
      await this.schedules.add(terms, {
        ...{ state: 'draft', proposedBy: actor, decidedBy: '' },
        reason,
        simulated: '',
      });
    return this.view(terms.id);
  }

  async decide({ id, decision, actor }: z.output<typeof feesDecide>): Promise<FeeTermsView> {
    const { decision: before } = await this.found(id);
    const to = decision === 'approve' ? 'active' : 'rejected';
    if (before.state === to && before.decidedBy === actor) return this.view(id);
    if (before.state !== 'draft') throw new Problem('state_conflict', { detail: `${id} is ${before.state}` });
    if (before.proposedBy === actor) throw new Problem('own_proposal');
    if (to === 'active' && before.simulated === '')
      throw new Problem('state_conflict', { detail: `${id} was not simulated over a past month yet` });
    if (!(await this.schedules.decide(id, to, actor)))
      throw new Problem('state_conflict', { detail: `${id} was decided meanwhile` });
    return this.view(id);
  }

  async list(provider: string | undefined): Promise<FeeTermsView[]> {
    return (await this.schedules.list(provider)).map(viewOf);
  }

  private async view(id: string): Promise<FeeTermsView> {
    return viewOf(await this.found(id));
  }

  private async found(id: string): Promise<FeeScheduleTerms> {
    const found = await this.schedules.terms(id);
    if (!found) throw new Problem('not_found', { detail: `there is no fee schedule ${id}` });
    return found;
  }
}

const viewOf = ({ schedule, decision }: FeeScheduleTerms): FeeTermsView => ({
  ...{ id: schedule.id, provider: schedule.provider, schedule: printTerms(schedule) },
  ...decision,
});

const canonical = (terms: object): string =>
  JSON.stringify(Object.entries(printTerms(terms)).sort(([a], [b]) => (a < b ? -1 : 1)));

import { Injectable } from '@nestjs/common';
import type { BreakDecision, breaksPropose } from '@yidian/contracts';
import type { z } from 'zod';
import { WriteAudit } from '../audit/write-audit';
import { allowed } from './allowed-actions';
import { writeTarget, type Break } from './break';
import { BreaksStore } from './breaks.store';

type Item = z.output<typeof breaksPropose>['items'][number];

/** A person proposes how a break ends. Row by row: one that has changed does not stop its neighbours. */
@Injectable()
export class ProposeResolution {
  constructor(
    private readonly breaks: BreaksStore,
    private readonly audit: WriteAudit,
  ) {}

  async execute(items: readonly Item[], actor: string): Promise<BreakDecision[]> {
    const decisions: BreakDecision[] = [];
    for (const item of items) decisions.push(await this.one(item, actor));
    return decisions;
  }

  private async one(item: Item, actor: string): Promise<BreakDecision> {
    const row = await this.breaks.get(item.id);
    if (!row) return { id: item.id, outcome: 'not_found' };
    if (row.version !== item.version) return { id: item.id, outcome: 'changed', ...whoBy(row) };
    if (row.state !== 'open' || !allowed(row, item.action)) return { id: item.id, outcome: 'state_conflict' };
    if (!stated(item)) return { id: item.id, outcome: 'state_conflict' };
    const moved = await this.breaks.transaction((tx) =>
      this.breaks.move(tx, row, {
        to: 'proposed',
        what: 'proposed',
        actor,
        detail: `${item.action}: ${item.reason}`,
        set: {
          proposal_action: item.action,
          proposal_reason: item.reason,
          proposal_evidence: item.evidence === '' ? null : item.evidence,
          proposal_to: item.to === undefined ? null : writeTarget(item.to),
          proposed_by: actor,
          proposed_at: new Date(),
          approved_by: null,
        },
      }),
    );
    if (!moved) return { id: item.id, outcome: 'changed' };
    await this.audit.execute({
      ...{ actor, action: 'resolution_proposed', object: row.id },
      before: { state: row.state },
      after: { state: 'proposed', action: item.action, reason: item.reason },
    });
    return { id: item.id, outcome: 'ok' };
  }
}

/** A credit is moved to somebody; what the gateway lost is written anew only on paper that can be shown. */
const stated = ({ action, to, evidence }: Item): boolean =>
  (action !== 'move_credit' || to !== undefined) && (action !== 'repair_gateway' || evidence.trim() !== '');

/** Who was there first, for the one who came second. */
export function whoBy(row: Break): { by?: string } {
  const by = row.resolved_by ?? row.approved_by ?? row.proposed_by;
  return by === null ? {} : { by };
}

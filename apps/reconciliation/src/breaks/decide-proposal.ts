import { Injectable } from '@nestjs/common';
import type { BreakDecision, breaksDecide, ResolutionAction } from '@yidian/contracts';
import type { Queryable } from '@yidian/database';
import type { z } from 'zod';
import { WriteAudit } from '../audit/write-audit';
import { addDays } from '../dates';
import { allowed } from './allowed-actions';
import type { Break } from './break';
import { BreaksStore } from './breaks.store';
import { whoBy } from './propose-resolution';
import { ResolutionsStore } from './resolutions.store';

type Item = z.output<typeof breaksDecide>['items'][number];

const NO_PROPOSAL = {
  ...{ proposal_action: null, proposal_reason: null, proposal_evidence: null, proposal_to: null },
  ...{ proposed_by: null, proposed_at: null },
} as const;

/**
 * The second person. Whoever proposed cannot approve; an approval is bound to the version that was seen. Move, history and
 * the order to carry it out are one transaction, so that what is approved is done, and done once.
 */
@Injectable()
export class DecideProposal {
  constructor(
    private readonly breaks: BreaksStore,
    private readonly resolutions: ResolutionsStore,
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
    const action = row.proposal_action;
    if (row.state !== 'proposed' || action === null) return { id: item.id, outcome: 'state_conflict' };
    if (item.decision === 'approve' && row.proposed_by === actor) return { id: item.id, outcome: 'own_proposal' };
    if (item.decision === 'approve' && !allowed(row, action)) return { id: item.id, outcome: 'state_conflict' };
    const moved = await this.breaks.transaction((tx) =>
      item.decision === 'approve'
        ? this.approve(tx, row, action, actor, item.reason)
        : this.breaks.move(tx, row, {
            to: 'open',
            what: 'rejected',
            actor,
            detail: `${action}: ${item.reason}`,
            set: NO_PROPOSAL,
          }),
    );
    if (!moved) return { id: item.id, outcome: 'changed' };
    const approved = item.decision === 'approve';
    await this.audit.execute({
      ...{ actor, action: approved ? 'resolution_approved' : 'resolution_rejected', object: row.id },
      before: { state: row.state, action, proposed_by: row.proposed_by },
      after: { state: approved ? 'resolving' : 'open', reason: item.reason },
    });
    return { id: item.id, outcome: 'ok' };
  }

  private async approve(
    tx: Queryable,
    row: Break,
    action: ResolutionAction,
    actor: string,
    reason: string,
  ): Promise<boolean> {
    const detail = reason === '' ? action : `${action}: ${reason}`;
    const event = { what: 'approved', actor, detail };
    if (action === 'carry') {
      const set = { ...NO_PROPOSAL, wait_until: addDays(row.wait_until, 1) };
      return this.breaks.move(tx, row, { to: 'suspense', ...event, set });
    }
    const moved = await this.breaks.move(tx, row, { to: 'resolving', ...event, set: { approved_by: actor } });
    if (moved)
      await this.resolutions.create(tx, row, {
        steps: stepsFor(row, action),
        byRule: false,
        actor: row.proposed_by ?? actor,
        approver: actor,
        detail,
        target: row.proposal_to,
      });
    return moved;
  }
}

/** A payment half reversed has two sides to put right: the subscriber's and the payer's. */
function stepsFor(row: Break, action: ResolutionAction): ResolutionAction[] {
  return row.class === 'reversal_half' && action === 'reverse_credit' ? ['reverse_credit', 'refund_payer'] : [action];
}

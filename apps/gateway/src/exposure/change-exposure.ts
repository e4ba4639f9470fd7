import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { timeText } from '@yidian/http';
import { fromJson, toJson } from '@yidian/money';
import { newToken } from '@yidian/security';
import { Partners } from '../access';
import { ExposureStore, type ChangeRow } from './exposure.store';
import type { ChangeBody, ChangeView, DecisionBody } from './exposure.schema';

/**
 * Promise: what a partner may hold changes, and what it paid in counts, only when a second person agrees; a receipt of
 * the bank counts once.
 */
@Injectable()
export class ChangeExposure {
  constructor(
    private readonly store: ExposureStore,
    private readonly partners: Partners,
  ) {}

  /** @throws Problem not_found for a partner that collects nothing, state_conflict for a receipt that is known */
  async propose(body: ChangeBody, actor: string): Promise<ChangeView> {
    if (!(await this.store.of(body.partner))) throw new Problem('not_found');
    const receipt = body.receipt ?? '';
    const row: ChangeRow = {
      id: `exp_${newToken().slice(0, 24)}`,
      partner: body.partner,
      kind: body.kind,
      amount: body.amount === null ? null : fromJson(body.amount),
      basis: body.basis ?? null,
      receipt,
      receipt_key: receipt === '' ? null : receipt,
      reason: body.reason,
      state: 'proposed',
      proposed_by: actor,
      proposed_at: new Date(),
      decided_by: null,
      decided_at: null,
      decision_reason: '',
    };
    if (!(await this.store.propose(row)))
      throw new Problem('state_conflict', { detail: 'This receipt is proposed or booked already.' });
    return changeViewOf(row);
  }

  /** @throws Problem not_found, own_proposal, state_conflict when it is decided already */
  async decide(id: string, { decision, reason }: DecisionBody, actor: string): Promise<ChangeView> {
    const before = await this.store.find(id);
    if (!before) throw new Problem('not_found');
    if (before.proposed_by === actor) throw new Problem('own_proposal');
    const state = decision === 'approve' ? 'approved' : 'rejected';
    if (!(await this.store.decide({ id, state, by: actor, reason }))) throw new Problem('state_conflict');
    this.partners.forget();
    const after = await this.store.find(id);
    if (!after) throw new Problem('internal');
    return changeViewOf(after);
  }

  async list(partner: string | undefined, limit: number): Promise<ChangeView[]> {
    return (await this.store.list(partner, limit)).map(changeViewOf);
  }
}

function changeViewOf(row: ChangeRow): ChangeView {
  const { id, partner, kind, basis, receipt, reason, state } = row;
  return {
    object: 'exposure_change',
    ...{ id, partner, kind, basis, receipt, reason, state },
    amount: row.amount === null ? null : toJson(row.amount),
    proposed_by: row.proposed_by,
    proposed_at: timeText(row.proposed_at),
    decided_by: row.decided_by,
    decided_at: row.decided_at && timeText(row.decided_at),
    decision_reason: row.decision_reason,
  };
}

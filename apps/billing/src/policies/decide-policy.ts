import { Inject, Injectable } from '@nestjs/common';
import type { policiesDecide, PolicyDecision } from '@yidian/contracts';
import type { Db, Queryable } from '@yidian/database';
import { Audit } from '@yidian/journal';
import type { z } from 'zod';
import { DB } from '../resources/db';
import { PoliciesStore, policyView, type Decided } from './policies.store';
import { PolicyBook } from './policy-book';

type Request = z.output<typeof policiesDecide>;

@Injectable()
export class DecidePolicy {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly policies: PoliciesStore,
    private readonly book: PolicyBook,
    private readonly audit: Audit,
  ) {}

  /** Once, by somebody else. An approved version counts from its date on, never backwards from its approval. */
  async execute(request: Request): Promise<PolicyDecision> {
    const answer = await this.db.transaction((tx) => this.decide(tx, request));
    if (answer.outcome === 'ok') await this.book.refresh();
    return answer;
  }

  private async decide(tx: Queryable, request: Request): Promise<PolicyDecision> {
    const { branch, version, decision, reason, actor } = request;
    const row = await this.policies.lock(tx, branch, version);
    if (!row) return { outcome: 'not_found' };
    if (row.state !== 'proposed') return { outcome: 'state_conflict', policy: policyView(row) };
    if (row.proposedBy === actor) return { outcome: 'own_proposal', policy: policyView(row) };
    const now = new Date();
    const decided: Decided = {
      state: decision === 'approve' ? 'approved' : 'rejected',
      inForceFrom: decision === 'approve' ? new Date(Math.max(row.validFrom.getTime(), now.getTime())) : null,
      decidedBy: actor,
      decidedAt: now,
      decisionReason: reason,
    };
    // Before the commit: there may be a record of a change that did not happen, never a change without a record.
    await this.audit.append({
      actor,
      action: `policy.${decision}`,
      object: `branch/${branch}/policy/${version}`,
      before: JSON.stringify({ state: row.state }),
      after: JSON.stringify({ state: decided.state, inForceFrom: decided.inForceFrom, reason }),
    });
    await this.policies.decide(tx, row, decided);
    return { outcome: 'ok', policy: policyView({ ...row, ...decided }) };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { policiesPropose, PolicyDecision } from '@yidian/contracts';
import type { Db } from '@yidian/database';
import { Audit } from '@yidian/journal';
import type { z } from 'zod';
import { DB } from '../resources/db';
import { PoliciesStore, policyView, type PolicyRow } from './policies.store';

@Injectable()
export class ProposePolicy {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly policies: PoliciesStore,
    private readonly audit: Audit,
  ) {}

  /** A new version that counts for nothing until somebody else approves it. */
  async execute(request: z.output<typeof policiesPropose>): Promise<PolicyDecision> {
    const { branch, validFrom, policy, reason, actor } = request;
    const row = await this.db.transaction(async (tx) => {
      const version = await this.policies.nextVersion(tx, branch);
      if (version === null) return null;
      const proposed: PolicyRow = {
        ...{ branch, version, state: 'proposed', reason, proposedBy: actor, proposedAt: new Date() },
        validFrom: new Date(validFrom),
        body: JSON.stringify(policy),
        ...{ inForceFrom: null, decidedBy: null, decidedAt: null, decisionReason: null },
      };
      await this.policies.add(tx, proposed);
      // Before the commit: there may be a record of a change that did not happen, never a change without a record.
      await this.audit.append({
        actor,
        action: 'policy.propose',
        object: `branch/${branch}/policy/${version}`,
        before: null,
        after: JSON.stringify({ validFrom, policy, reason }),
      });
      return proposed;
    });
    return row ? { outcome: 'ok', policy: policyView(row) } : { outcome: 'not_found' };
  }
}

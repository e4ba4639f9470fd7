import { Inject, Injectable } from '@nestjs/common';
import type { branchesSetStatus, BranchInfo } from '@yidian/contracts';
import type { Db } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { Audit } from '@yidian/journal';
import type { z } from 'zod';
import { DB } from '../resources/db';
import { BranchesStore } from './branches.store';
import { branchInfo } from './list-branches';

@Injectable()
export class SetBranchStatus {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly branches: BranchesStore,
    private readonly audit: Audit,
  ) {}

  /** In maintenance credits wait and are never refused. Setting the status that stands already changes nothing. */
  async execute(request: z.output<typeof branchesSetStatus>): Promise<BranchInfo> {
    await this.db.transaction(async (tx) => {
      const before = await this.branches.lockStatus(tx, request.branch);
      if (before === null) throw new Problem('not_found', { detail: 'No branch has this code.' });
      if (before === request.status) return;
      // Before the change commits: a crash may leave a record of a change that did not happen, never a change without a record.
      await this.audit.append({
        actor: request.actor,
        action: 'branch_status',
        object: `branch/${request.branch}`,
        before: JSON.stringify({ status: before }),
        after: JSON.stringify({ status: request.status, reason: request.reason }),
      });
      await this.branches.setStatus(tx, request.branch, request.status, new Date());
    });
    const branch = await this.branches.find(request.branch);
    if (!branch) throw new Problem('not_found', { detail: 'No branch has this code.' });
    return branchInfo(branch);
  }
}

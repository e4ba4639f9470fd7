import { Unexpected } from '../wire/web-client';
import type { DemoTools } from './demo-tools';

/** Operations announces that a province's billing is away, or back. Credits of its numbers wait meanwhile. */
export async function setBranchStatus(tools: DemoTools, branch: string, status: 'open' | 'maintenance'): Promise<void> {
  const answer = await tools.operators.call('ops', {
    path: '/v1/operations/branch_status',
    body: { branch, status, reason: status === 'open' ? 'work is done' : 'planned work on the billing system' },
    key: `demo-branch-${branch}-${status}-${Date.now()}`,
  });
  if (answer.status >= 300) throw new Unexpected('branch status', answer);
}

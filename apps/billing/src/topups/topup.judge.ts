import { type ErrorCode } from '@yidian/errors';
import { acceptedAmounts, refuseAmount } from '../numbers/accepted-amounts';
import { inBillingRun, inWindow, type Circumstances } from '../policies/terms';
import { narrowedByState, refuseByState } from '../subscribers/payable';
import type { HomeRow } from '../subscribers/subscribers.store';

export type Verdict = { kind: 'credit' } | { kind: 'wait' } | { kind: 'reject'; reason: ErrorCode };

/** What of a top-up decides whether it may be credited. Minor units. */
export interface Claim {
  branch: string;
  ownerVersion?: number | undefined;
  face: bigint;
  charged: bigint;
  /** Sum of what the bearers of discounts add. */
  discounted: bigint;
}

export const reject = (reason: ErrorCode): Verdict => ({ kind: 'reject', reason });

/**
 * May this be credited now? Another owner or branch comes first: a stranger's status is no answer to the payer. A branch
 * in maintenance is asked nothing, so its numbers are neither credited nor refused.
 */
export function judgeTopup(claim: Claim, home: HomeRow, { terms, at, mode }: Circumstances): Verdict {
  if (home.branchStatus === 'maintenance' || inWindow(terms, at)) return { kind: 'wait' };
  const run = home.plan === 'postpaid' && inBillingRun(terms, at) ? terms.billingRun?.credits : undefined;
  if (run === 'queue') return { kind: 'wait' };
  if (home.branch !== claim.branch || home.status === 'recycled') return reject('number_owner_changed');
  if (claim.ownerVersion !== undefined && claim.ownerVersion !== home.ownerVersion)
    return reject('number_owner_changed');
  const refused = refuseByState(home);
  if (refused) return reject(refused);
  if (run === 'refuse') return reject('billing_run');
  if (claim.charged < 0n || claim.charged + claim.discounted !== claim.face) return reject('field_invalid');
  const refusal = refuseAmount(claim.face, narrowedByState(acceptedAmounts(terms.limits, mode), home));
  return refusal === null ? { kind: 'credit' } : reject(refusal);
}

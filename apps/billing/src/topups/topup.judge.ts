import { type ErrorCode } from '@yidian/errors';
import { acceptedAmounts, refuseAmount } from '../numbers/accepted-amounts';
import { narrowedByState, refuseByState } from '../subscribers/payable';
import type { HomeRow } from '../subscribers/subscribers.store';

export type Verdict = { kind: 'credit' } | { kind: 'wait' } | { kind: 'reject'; reason: ErrorCode };

/** What of a top-up decides whether it may be credited. `face` in minor units. */
export interface Claim {
  branch: string;
  ownerVersion?: number | undefined;
  face: bigint;
}

const reject = (reason: ErrorCode): Verdict => ({ kind: 'reject', reason });

/**
 * May this be credited now? Another owner or branch comes first: a stranger's status is no answer to the payer. A branch
 * in maintenance is asked nothing, so its numbers are neither credited nor refused.
 */
export function judgeTopup(claim: Claim, home: HomeRow | undefined, mode: 'test' | 'live'): Verdict {
  if (!home) return reject('number_unknown');
  if (home.branchStatus === 'maintenance') return { kind: 'wait' };
  if (home.branch !== claim.branch || home.status === 'recycled') return reject('number_owner_changed');
  if (claim.ownerVersion !== undefined && claim.ownerVersion !== home.ownerVersion)
    return reject('number_owner_changed');
  const refused = refuseByState(home);
  if (refused) return reject(refused);
  const refusal = refuseAmount(claim.face, narrowedByState(acceptedAmounts(home, mode), home));
  return refusal === null ? { kind: 'credit' } : reject(refusal);
}

import type { ErrorCode } from '@yidian/errors';
import type { AcceptedAmounts } from '../numbers/accepted-amounts';
import type { LifeState } from './life-cycle';

/** What of a subscriber decides whether it may be paid for. */
export interface Payable {
  status: LifeState;
  suspendReason: string;
  /** Minor units owed; only looked at while the number is being closed. */
  owed: bigint;
}

/**
 * Arrears end by paying, so a number suspended for them is paid for; one suspended for anything else is not. One that is
 * being closed takes what it owes and no more. Null: nothing in its state speaks against it.
 */
export function refuseByState({ status, suspendReason, owed }: Payable): ErrorCode | null {
  switch (status) {
    case 'active':
      return null;
    case 'suspended':
      return suspendReason === 'arrears' ? null : 'number_suspended';
    case 'pre_closed':
      return owed > 0n ? null : 'number_closed';
    case 'closed':
      return 'number_closed';
    case 'ported_out':
      return 'number_ported_out';
    case 'recycled':
      return 'number_owner_changed';
  }
}

/** A debt is paid to the fen, however odd or small: nobody can be asked to round up what they owe a last time. */
export function narrowedByState(accepted: AcceptedAmounts, { status, owed }: Payable): AcceptedAmounts {
  if (status !== 'pre_closed' || owed <= 0n) return accepted;
  const lesser = (limit: bigint): bigint => (owed < limit ? owed : limit);
  return { min: lesser(accepted.min), max: lesser(accepted.max), step: 1n };
}

import { clawBack } from '@yidian/money';
import type { RefundPolicy } from './fee';

/** A refund of one payment, as the fee sees it. Amounts are minor units, all ≥ 0 but the statement's. */
export interface FeeReturn {
  policy: RefundPolicy;
  /** C of the payment: the fee of what is left of it; C(paid) is the very fee it bore. */
  rule: (left: bigint) => bigint;
  /** What the payer paid. */
  paid: bigint;
  /** Everything refunded so far, this refund included. */
  refunded: bigint;
  /** Fees returned by earlier refunds. */
  earlier: bigint;
  /** Fee column of the refund line, signed as the statement signs it: negative = the provider gives fee back. */
  statementFee: bigint;
}

/**
 * Contract fee of a refund line, signed like the statement's: ≤ 0 when the provider gives some back. `kept`: nothing comes
 * back; `proportional`: by the claw-back formula; `as_statement`: the contract follows the file.
 */
export function feeOfRefund(refund: FeeReturn): bigint {
  if (refund.policy === 'as_statement') return refund.statementFee;
  if (refund.policy === 'kept') return 0n;
  return -clawBack(refund.rule, refund.paid, refund.refunded, refund.earlier);
}

import type { StatementKind } from '../contract/statement';
import type { OurReference } from './our-reference';

/** What a bank's account statement tells of one booking, whichever format it came in. */
export interface Booking {
  /** + came in, − went out; never 0 in doubt. */
  amount: bigint;
  ours: OurReference | null;
  /** The bank says that it undoes an earlier booking: reversal indicator, return reason, return code. */
  returned: boolean;
  /** A charge or interest of the bank. */
  charge: boolean;
  /** It names a payout file of ours. */
  payout: boolean;
}

/**
 * Which kind of line a booking is. A return keeps the direction the bank booked: our debit taken back is negative, our
 * payout or refund that came back is positive.
 */
export function kindOf({ amount, ours, returned, charge, payout }: Booking): StatementKind {
  if (returned) return 'RETURN';
  if (ours?.kind === 'refund') return amount < 0n ? 'REFUND' : 'RETURN';
  if (ours?.kind === 'reversal') return amount < 0n ? 'REVERSAL' : 'RETURN';
  // Money that leaves under an order's own number was taken back by whoever paid or by the bank.
  if (ours) return amount < 0n ? 'RETURN' : 'PAY';
  if (payout) return amount < 0n ? 'PAYOUT' : 'RETURN';
  if (charge) return 'FEE';
  return 'OTHER';
}

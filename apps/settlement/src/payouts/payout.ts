import { createHash } from 'node:crypto';
import { due, leg, payable, transit, bank, type Leg } from '../batches/leg';

/** branch: of what headquarters owes it · partner, provider: of its payable account · payer: a refund no provider can make. */
export type PayeeKind = 'branch' | 'partner' | 'provider' | 'payer';
export const PAYEE_KINDS = ['branch', 'partner', 'provider', 'payer'] as const;

/**
 * planned: in a run that is not sent · sent: the order is the bank's · booked: our account was debited · rejected: refused
 * before booking · returned: came back after it · withdrawn with its run. None of the last three is ever sent again.
 */
export type PayoutState = 'planned' | 'sent' | 'booked' | 'rejected' | 'returned' | 'withdrawn';

export const PAYOUT_MOVES: Readonly<Record<PayoutState, readonly PayoutState[]>> = {
  planned: ['sent', 'withdrawn'],
  sent: ['booked', 'rejected'],
  booked: ['returned'],
  rejected: [],
  returned: [],
  withdrawn: [],
};

export interface Payout {
  number: string;
  runId: string;
  partyKind: PayeeKind;
  party: string;
  /** Code of our account it is paid from. */
  account: string;
  payeeId: string;
  /** Of a refund: the payment and the branch whose principal it is. */
  paymentNo: string;
  branch: string;
  amount: bigint;
  state: PayoutState;
  /** The bank's latest word before it booked: pending, settled, unknown. */
  bankStatus: string;
  reason: string;
  retryOf: string;
}

/** Whose account in the money ledger pays for it. */
export function sourceOf({ partyKind, party, branch }: Pick<Payout, 'partyKind' | 'party' | 'branch'>): string {
  if (partyKind === 'branch') return due(party);
  return partyKind === 'payer' ? due(branch) : payable(party);
}

const kindOf = ({ partyKind }: Payout, usual: 'payout' | 'returned') =>
  partyKind === 'payer' ? ('principal' as const) : usual;

/** Row 1f, 1c, 3d: sent. A refund's principal names its payment: billing is told. */
export const sentLegs = (payout: Payout): Leg[] =>
  leg(sourceOf(payout), transit(payout.account), payout.amount, kindOf(payout, 'payout'), payout.paymentNo);

/** Booked by our bank. */
export const bookedLegs = ({ account, amount }: Payout): Leg[] =>
  leg(transit(account), bank(account), amount, 'booked');

/** Refused before it was booked. */
export const rejectedLegs = (payout: Payout): Leg[] =>
  leg(transit(payout.account), sourceOf(payout), payout.amount, kindOf(payout, 'returned'), payout.paymentNo);

/** Came back after it was booked. */
export const returnedLegs = (payout: Payout): Leg[] =>
  leg(bank(payout.account), sourceOf(payout), payout.amount, kindOf(payout, 'returned'), payout.paymentNo);

/** Letters and digits only, as banks carry them; the same party in the same run is the same payout. */
export function payoutNumber(runId: string, partyKind: PayeeKind, party: string, day: string): string {
  const hash = createHash('sha256').update(`${runId}\n${partyKind}\n${party}`).digest();
  const serial = hash.readBigUInt64BE().toString(36).toUpperCase().padStart(13, '0').slice(-12);
  return `PO${day.slice(2).replaceAll('-', '')}${serial}`;
}

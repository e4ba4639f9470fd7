import { resolutionAction, type BreakClass, type ResolutionAction } from '@yidian/contracts';
import { isStanding } from '../matching/result';
import type { Break } from './break';
import { mayStanding } from './standing-doors';

/** What may be accepted as it is: differences of words, or money that already lies where it ends. */
const ACCEPTABLE: readonly BreakClass[] = [
  'fee_mismatch',
  'reference_mismatch',
  'duplicate_line',
  'unreadable_line',
  'control_total',
  'orphan_credit_attempt',
  'gateway_only',
  'currency_mismatch',
];

const CREDITABLE: readonly BreakClass[] = [
  'uncredited',
  'credit_unknown',
  'credit_undone',
  'late_success',
  'platform_missing',
  'status_mismatch',
];

const GATEWAY_KNOWS = /^\d{20}$/;

/**
 * Which resolutions a break can be given here. `repair_gateway` is for what the gateway lost, where its branch is known. The
 * payer of a second transaction cannot be refunded through the payment either: that door would give back the first.
 */
export function allowed(row: Break, action: ResolutionAction): boolean {
  if (isStanding(row)) return mayStanding(row).includes(action);
  const known = GATEWAY_KNOWS.test(row.payment_no);
  switch (action) {
    case 'credit':
      return known && (row.kind === 'payment' ? CREDITABLE.includes(row.class) : isGiveBack(row));
    case 'confirm_paid':
    case 'confirm_declined':
      return known && row.kind === 'payment';
    case 'refund_payer':
      return known && row.kind === 'payment';
    case 'requery':
      return known;
    case 'reverse_credit':
      return known && takenBack(row) > 0n;
    case 'correct_fee':
      return row.class === 'fee_mismatch';
    case 'accept':
      return ACCEPTABLE.includes(row.class) || standsAlone(row);
    case 'write_off':
      return row.kind !== 'file' && (row.item_id !== null || row.branch !== '');
    case 'claim_provider':
      return true;
    case 'carry':
      return row.kind === 'payment' || row.kind === 'refund';
    case 'move_credit':
      return known && row.branch !== '' && (row.b_amount ?? 0n) > 0n;
    case 'repair_gateway':
      return known && row.class === 'gateway_missing' && row.branch !== '' && (row.p_amount ?? 0n) > 0n;
  }
}

/** All of them, in the order of the contract: what is not in it is refused when it is proposed. */
export const allowedActions = (row: Break): ResolutionAction[] =>
  resolutionAction.options.filter((action) => allowed(row, action));

/** A line of no payment that waits in suspense: settlement accepts it once nothing of it is left there. */
const standsAlone = (row: Break): boolean =>
  row.kind === 'line' && row.leg.startsWith('alone:') && row.item_id !== null;

/** Value was taken for a refund that failed, or that never was: credit then means to give it back. */
export const isGiveBack = (row: Break): boolean =>
  (row.class === 'refund_debited' || row.class === 'debit_without_refund') && row.ref_no !== '';

/** What a reverse_credit takes from the subscriber: of a return the sum returned, of a payment what was credited. */
export function takenBack(row: Break): bigint {
  return (row.kind === 'refund' && row.class !== 'reversed_by_provider' ? row.p_amount : row.b_amount) ?? 0n;
}

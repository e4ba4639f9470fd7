import type { BreakClass, ResolutionAction } from '@yidian/contracts';
import { PAYMENT_ROWS } from './payment-table';
import { REFUND_ROWS } from './refund-table';
import { valueDifference } from './value-table';
import type { Auto } from './verdict';

/** MONEY.md §4, the column of default resolutions written out a second time; `accept` where there is nothing to resolve. */
const PAYMENTS: ResolutionAction[] = [
  ...(['accept', 'credit', 'requery', 'refund_payer', 'refund_payer'] as const),
  ...(['confirm_paid', 'confirm_paid', 'confirm_paid', 'requery', 'confirm_paid'] as const),
  ...(['confirm_paid', 'confirm_paid', 'refund_payer', 'repair_gateway', 'refund_payer'] as const),
  ...(['reverse_credit', 'requery', 'accept', 'reverse_credit', 'requery'] as const),
  ...(['claim_provider', 'confirm_declined', 'requery', 'confirm_declined', 'reverse_credit'] as const),
  ...(['requery', 'accept', 'reverse_credit', 'requery', 'reverse_credit'] as const),
  ...(['accept', 'accept', 'reverse_credit', 'requery', 'accept', 'reverse_credit', 'requery'] as const),
];

/** Of the first row that bears the number: a second one is its variant for a state that the page does not spell out. */
const REFUNDS: [no: string, suggested: ResolutionAction, auto: Auto][] = [
  ['R1', 'accept', 'no'],
  ['R2', 'requery', 'yes'],
  ['R3', 'reverse_credit', 'balance'],
  ['R4', 'reverse_credit', 'balance'],
  ['R5', 'reverse_credit', 'returns'],
  ['R6', 'repair_gateway', 'no'],
  ['R7', 'claim_provider', 'no'],
  ['R8', 'claim_provider', 'no'],
  ['R9', 'claim_provider', 'no'],
  ['R10', 'claim_provider', 'requery'],
  ['R11', 'requery', 'yes'],
  ['R12', 'credit', 'yes'],
  ['R13', 'credit', 'no'],
  ['R14', 'accept', 'no'],
  ['R15', 'accept', 'no'],
  ['R16', 'reverse_credit', 'no'],
  ['R17', 'requery', 'yes'],
];

const VALUES: [cls: BreakClass, suggested: ResolutionAction, wait: number | null][] = [
  ['currency_mismatch', 'claim_provider', 0],
  ['amount_mismatch', 'claim_provider', 0],
  ['branch_mismatch', 'move_credit', 0],
  ['duplicate_payment', 'refund_payer', 0],
  ['duplicate_line', 'accept', 0],
  ['conflicting_line', 'claim_provider', 0],
  ['fee_mismatch', 'claim_provider', 0],
  ['date_mismatch', 'accept', null],
  ['reference_mismatch', 'accept', 0],
  ['unreadable_line', 'claim_provider', 0],
  ['control_total', 'claim_provider', 0],
];

describe('default resolutions', () => {
  test('of every row of the payment table', () => {
    expect(PAYMENT_ROWS.map(([no, , , , , , , suggested]) => [no, suggested])).toEqual(
      PAYMENTS.map((suggested, n) => [n + 1, suggested]),
    );
  });

  test.each(REFUNDS)('of %s it is %s, by rule: %s', (no, suggested, auto) => {
    const row = REFUND_ROWS.find(([own]) => own === no);
    expect([row?.[7], row?.[8]]).toEqual([suggested, auto]);
  });

  test.each(VALUES)('of %s it is %s, after %s dates', (cls, suggested, wait) => {
    expect(valueDifference(cls)).toMatchObject({ suggested, wait });
  });
});

import type { ResolutionAction } from '@yidian/contracts';
import type { Auto, BState, GState, PState, Verdict, VerdictClass } from './verdict';

/**
 * MONEY.md §4, payment table: 37 rows that cover each of the 69 combinations of statement, payment book and credit book
 * exactly once. Columns: row, P, G, B, class, wait, steps a rule takes, what people are offered, auto, severe.
 */
type Row = readonly [
  no: number,
  p: PState,
  g: string,
  b: string,
  cls: VerdictClass,
  wait: number | null,
  steps: readonly ResolutionAction[],
  suggested: ResolutionAction,
  auto: Auto,
  severe?: 'severe',
];

const ANY = '+–?x±';

export const PAYMENT_ROWS: readonly Row[] = [
  [1, 'S', 'K', '+', 'matched', null, [], 'accept', 'no'],
  [2, 'S', 'K', '–', 'uncredited', 0, ['credit'], 'credit', 'yes'],
  [3, 'S', 'K', '?', 'credit_unknown', 3, ['requery'], 'requery', 'requery'],
  [4, 'S', 'K', 'x', 'credit_rejected', 0, ['refund_payer'], 'refund_payer', 'yes'],
  [5, 'S', 'K', '±', 'credit_undone', 0, [], 'refund_payer', 'no'],
  [6, 'S', 'U', '–', 'late_success', 0, ['confirm_paid'], 'confirm_paid', 'yes'],
  [7, 'S', 'U', '+', 'status_mismatch', 0, ['confirm_paid'], 'confirm_paid', 'yes', 'severe'],
  [8, 'S', 'U', '?x±', 'late_success', 0, ['confirm_paid'], 'confirm_paid', 'first_step'],
  [9, 'S', 'C', ANY, 'unsubmitted_success', 0, [], 'requery', 'no', 'severe'],
  [10, 'S', 'N', '–', 'platform_missing', 0, ['confirm_paid'], 'confirm_paid', 'yes'],
  [11, 'S', 'N', '+', 'status_mismatch', 0, ['confirm_paid'], 'confirm_paid', 'yes'],
  [12, 'S', 'N', '?x±', 'platform_missing', 0, ['confirm_paid'], 'confirm_paid', 'first_step'],
  [13, 'S', '–', '–', 'platform_missing', 1, [], 'refund_payer', 'no'],
  [14, 'S', '–', '+?x±', 'gateway_missing', 0, [], 'repair_gateway', 'no', 'severe'],
  [15, 'S', 'V', '–x±', 'reversal_missing', 1, ['refund_payer'], 'refund_payer', 'yes'],
  [16, 'S', 'V', '+', 'reversal_half', 0, [], 'reverse_credit', 'no'],
  [17, 'S', 'V', '?', 'credit_unknown', 3, ['requery'], 'requery', 'requery'],
  [18, 'S', 'F', '–x±', 'matched', null, [], 'accept', 'no'],
  [19, 'S', 'F', '+', 'credited_and_refunded', 0, ['reverse_credit'], 'reverse_credit', 'balance'],
  [20, 'S', 'F', '?', 'credit_unknown', 3, ['requery'], 'requery', 'requery'],
  [21, '–', 'K', '+', 'provider_missing', 1, ['requery'], 'claim_provider', 'requery'],
  [22, '–', 'K', '–x±', 'gateway_only', 1, ['requery'], 'confirm_declined', 'requery'],
  [23, '–', 'K', '?', 'gateway_only', 1, ['requery'], 'requery', 'requery'],
  [24, '–', 'U', '–x±', 'unknown_open', 2, ['requery', 'confirm_declined'], 'confirm_declined', 'yes'],
  [25, '–', 'U', '+', 'unpaid_credit', 1, ['requery', 'reverse_credit'], 'reverse_credit', 'balance'],
  [26, '–', 'U', '?', 'unknown_open', 2, ['requery'], 'requery', 'requery'],
  [27, '–', 'CN', '–x±', 'none', null, [], 'accept', 'no'],
  [28, '–', 'CN', '+', 'unpaid_credit', 1, ['reverse_credit'], 'reverse_credit', 'balance'],
  [29, '–', 'CN', '?', 'credit_unknown', 3, ['requery'], 'requery', 'requery'],
  [30, '–', '–', '+', 'unpaid_credit', 0, [], 'reverse_credit', 'no', 'severe'],
  [31, '–', '–', '?x±', 'orphan_credit_attempt', 0, [], 'accept', 'no'],
  [32, '–', 'V', '–x±', 'matched', null, [], 'accept', 'no'],
  [33, '–', 'V', '+', 'unreversed_credit', 0, ['reverse_credit'], 'reverse_credit', 'balance'],
  [34, '–', 'V', '?', 'credit_unknown', 3, ['requery'], 'requery', 'requery'],
  [35, '–', 'F', '–x±', 'gateway_only', 1, ['accept'], 'accept', 'yes'],
  [36, '–', 'F', '+', 'provider_missing', 1, [], 'reverse_credit', 'no'],
  [37, '–', 'F', '?', 'gateway_only', 1, ['requery'], 'requery', 'requery'],
];

/** The row for a payment; undefined only where no side knows of it. */
export function decidePayment(p: PState, g: GState, b: BState): Verdict | undefined {
  const row = PAYMENT_ROWS.find(([, rp, rg, rb]) => rp === p && rg.includes(g) && rb.includes(b));
  if (!row) return undefined;
  const [no, , , , cls, wait, steps, suggested, auto, severe] = row;
  return { row: String(no), class: cls, wait, steps, suggested, auto, severe: severe !== undefined };
}

import type { ResolutionAction } from '@yidian/contracts';
import type { Auto, Verdict, VerdictClass } from './verdict';

/**
 * MONEY.md §4, refund table. What the statement shows: line, another amount, more than was paid, no pay line ever, a row
 * that is not final, the pay and reversal lines together, the reversal line alone (with its original on an earlier date,
 * or nowhere), the provider's own reversal of a payment we count as paid; or nothing.
 */
export type RefundLine =
  | 'line'
  | 'other_amount'
  | 'too_much'
  | 'never_paid'
  | 'notice'
  | 'pair'
  | 'reversal_after'
  | 'reversal_alone'
  | 'pair_of_paid'
  | 'absent';
export type RefundState = 'succeeded' | 'requested' | 'failed' | 'reversed' | '–';
export type RefundDebit = 'posted' | 'hold' | 'none' | '±';

type Row = readonly [
  no: string,
  p: readonly RefundLine[],
  g: readonly RefundState[],
  b: readonly RefundDebit[],
  cls: VerdictClass,
  wait: number | null,
  steps: readonly ResolutionAction[],
  suggested: ResolutionAction,
  auto: Auto,
];

const EACH_STATE = ['succeeded', 'requested', 'failed', 'reversed', '–'] as const;
const EACH_DEBIT = ['posted', 'hold', 'none', '±'] as const;

/** In order: the first row that fits decides, so that what is wrong with the line itself comes before who knows of it. */
export const REFUND_ROWS: readonly Row[] = [
  ['R17', ['notice'], EACH_STATE, EACH_DEBIT, 'refund_open', 0, ['requery'], 'requery', 'yes'],
  ['R7', ['too_much'], EACH_STATE, EACH_DEBIT, 'over_refund', 0, [], 'claim_provider', 'no'],
  ['R9', ['never_paid'], EACH_STATE, EACH_DEBIT, 'refund_without_payment', 1, [], 'claim_provider', 'no'],
  ['R14', ['pair', 'absent'], ['reversed'], EACH_DEBIT, 'matched', null, [], 'accept', 'no'],
  ['R15', ['reversal_after'], EACH_STATE, EACH_DEBIT, 'matched', null, [], 'accept', 'no'],
  ['R15', ['reversal_alone'], EACH_STATE, EACH_DEBIT, 'refund_without_payment', 1, [], 'claim_provider', 'no'],
  ['R16', ['pair_of_paid'], EACH_STATE, EACH_DEBIT, 'reversed_by_provider', 0, [], 'reverse_credit', 'no'],
  ['R8', ['other_amount'], ['succeeded'], ['posted', '±'], 'amount_mismatch', 0, [], 'claim_provider', 'no'],
  ['R1', ['line'], ['succeeded'], ['posted', '±'], 'matched', null, [], 'accept', 'no'],
  [
    'R2',
    ['line', 'other_amount'],
    ['requested'],
    ['hold', 'posted', '±'],
    'late_refund',
    0,
    ['requery'],
    'requery',
    'yes',
  ],
  [
    'R3',
    ['line', 'other_amount'],
    ['failed'],
    ['none'],
    'refund_status_mismatch',
    0,
    ['reverse_credit'],
    'reverse_credit',
    'balance',
  ],
  [
    'R5',
    ['line', 'other_amount'],
    ['–'],
    ['none', 'hold'],
    'provider_return',
    0,
    ['reverse_credit'],
    'reverse_credit',
    'returns',
  ],
  ['R6', ['line', 'other_amount'], ['–'], ['posted', '±'], 'gateway_missing', 0, [], 'repair_gateway', 'no'],
  [
    'R4',
    ['line', 'other_amount'],
    EACH_STATE,
    ['none', 'hold'],
    'refund_undebited',
    0,
    ['reverse_credit'],
    'reverse_credit',
    'balance',
  ],
  ['R3', ['line', 'other_amount'], ['failed'], ['posted', '±'], 'refund_status_mismatch', 0, [], 'requery', 'no'],
  ['R10', ['absent'], ['succeeded'], EACH_DEBIT, 'refund_missing', 3, ['requery'], 'claim_provider', 'requery'],
  ['R11', ['absent'], ['requested'], EACH_DEBIT, 'refund_open', 3, ['requery'], 'requery', 'yes'],
  ['R12', ['absent'], ['failed'], ['posted', '±'], 'refund_debited', 0, ['credit'], 'credit', 'yes'],
  ['R13', ['absent'], ['–'], ['posted', '±'], 'debit_without_refund', 0, [], 'credit', 'no'],
];

export function decideRefund(p: RefundLine, g: RefundState, b: RefundDebit): Verdict | undefined {
  const row = REFUND_ROWS.find(([, rp, rg, rb]) => rp.includes(p) && rg.includes(g) && rb.includes(b));
  if (!row) return undefined;
  const [no, , , , cls, wait, steps, suggested, auto] = row;
  return { row: no, class: cls, wait, steps, suggested, auto, severe: false };
}

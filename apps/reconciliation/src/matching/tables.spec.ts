import { breakClass, resolutionAction } from '@yidian/contracts';
import { decidePayment, PAYMENT_ROWS } from './payment-table';
import { decideRefund, REFUND_ROWS, type RefundDebit, type RefundLine, type RefundState } from './refund-table';
import { feeVerdict, VALUE_ROWS, valueDifference } from './value-table';
import type { BState, GState, PState } from './verdict';

const P: PState[] = ['S', '–'];
const G: GState[] = ['K', 'U', 'C', 'N', 'V', 'F', '–'];
const B: BState[] = ['+', '–', '?', 'x', '±'];

/** MONEY.md §4 written out a second time, as combination → class and wait, so that a slip in the data is seen. */
const EXPECTED: [no: number, p: PState, g: string, b: string, cls: string, wait: number | null, auto: string][] = [
  [1, 'S', 'K', '+', 'matched', null, 'no'],
  [2, 'S', 'K', '–', 'uncredited', 0, 'yes'],
  [3, 'S', 'K', '?', 'credit_unknown', 3, 'requery'],
  [4, 'S', 'K', 'x', 'credit_rejected', 0, 'yes'],
  [5, 'S', 'K', '±', 'credit_undone', 0, 'no'],
  [6, 'S', 'U', '–', 'late_success', 0, 'yes'],
  [7, 'S', 'U', '+', 'status_mismatch', 0, 'yes'],
  [8, 'S', 'U', '? x ±', 'late_success', 0, 'first_step'],
  [9, 'S', 'C', '+ – ? x ±', 'unsubmitted_success', 0, 'no'],
  [10, 'S', 'N', '–', 'platform_missing', 0, 'yes'],
  [11, 'S', 'N', '+', 'status_mismatch', 0, 'yes'],
  [12, 'S', 'N', '? x ±', 'platform_missing', 0, 'first_step'],
  [13, 'S', '–', '–', 'platform_missing', 1, 'no'],
  [14, 'S', '–', '+ ? x ±', 'gateway_missing', 0, 'no'],
  [15, 'S', 'V', '– x ±', 'reversal_missing', 1, 'yes'],
  [16, 'S', 'V', '+', 'reversal_half', 0, 'no'],
  [17, 'S', 'V', '?', 'credit_unknown', 3, 'requery'],
  [18, 'S', 'F', '– x ±', 'matched', null, 'no'],
  [19, 'S', 'F', '+', 'credited_and_refunded', 0, 'balance'],
  [20, 'S', 'F', '?', 'credit_unknown', 3, 'requery'],
  [21, '–', 'K', '+', 'provider_missing', 1, 'requery'],
  [22, '–', 'K', '– x ±', 'gateway_only', 1, 'requery'],
  [23, '–', 'K', '?', 'gateway_only', 1, 'requery'],
  [24, '–', 'U', '– x ±', 'unknown_open', 2, 'yes'],
  [25, '–', 'U', '+', 'unpaid_credit', 1, 'balance'],
  [26, '–', 'U', '?', 'unknown_open', 2, 'requery'],
  [27, '–', 'C N', '– x ±', 'none', null, 'no'],
  [28, '–', 'C N', '+', 'unpaid_credit', 1, 'balance'],
  [29, '–', 'C N', '?', 'credit_unknown', 3, 'requery'],
  [30, '–', '–', '+', 'unpaid_credit', 0, 'no'],
  [31, '–', '–', '? x ±', 'orphan_credit_attempt', 0, 'no'],
  [32, '–', 'V', '– x ±', 'matched', null, 'no'],
  [33, '–', 'V', '+', 'unreversed_credit', 0, 'balance'],
  [34, '–', 'V', '?', 'credit_unknown', 3, 'requery'],
  [35, '–', 'F', '– x ±', 'gateway_only', 1, 'yes'],
  [36, '–', 'F', '+', 'provider_missing', 1, 'no'],
  [37, '–', 'F', '?', 'gateway_only', 1, 'requery'],
];

describe('payment table', () => {
  test.each(EXPECTED)('row %i: %s %s %s is %s', (no, p, gs, bs, cls, wait, auto) => {
    for (const g of gs.split(' ') as GState[])
      for (const b of bs.split(' ') as BState[])
        expect(decidePayment(p, g, b)).toMatchObject({ row: String(no), class: cls, wait, auto });
  });

  test('covers each of the 69 combinations exactly once', () => {
    const hits = new Map<string, number>();
    for (const [, p, gs, bs] of PAYMENT_ROWS)
      for (const g of gs) for (const b of bs) hits.set(`${p}${g}${b}`, (hits.get(`${p}${g}${b}`) ?? 0) + 1);
    const all = P.flatMap((p) => G.flatMap((g) => B.map((b) => `${p}${g}${b}`))).filter((k) => k !== '–––');
    expect(all).toHaveLength(69);
    expect([...hits.keys()].sort()).toEqual(all.sort());
    expect([...hits.values()].every((count) => count === 1)).toBe(true);
    expect(PAYMENT_ROWS).toHaveLength(37);
    expect(decidePayment('–', '–', '–')).toBeUndefined();
  });

  test('every class and action is one of the contract', () => {
    for (const row of PAYMENT_ROWS) {
      if (row[4] !== 'none') breakClass.parse(row[4]);
      [...row[6], row[7]].forEach((action) => resolutionAction.parse(action));
    }
  });

  test('a rule never runs alone what the table gives to people, and a requery-only rule moves nothing', () => {
    for (const [, , , , , , steps, , auto] of PAYMENT_ROWS) {
      if (auto === 'no') expect(steps).toEqual([]);
      if (auto === 'requery') expect(steps).toEqual(['requery']);
    }
  });
});

const REFUNDS: [no: string, p: RefundLine, g: RefundState, b: RefundDebit, cls: string, wait: number | null][] = [
  ['R1', 'line', 'succeeded', 'posted', 'matched', null],
  ['R2', 'line', 'requested', 'hold', 'late_refund', 0],
  ['R2', 'line', 'requested', 'posted', 'late_refund', 0],
  ['R3', 'line', 'failed', 'none', 'refund_status_mismatch', 0],
  ['R4', 'line', 'succeeded', 'none', 'refund_undebited', 0],
  ['R4', 'line', 'requested', 'none', 'refund_undebited', 0],
  ['R5', 'line', '–', 'none', 'provider_return', 0],
  ['R6', 'line', '–', 'posted', 'gateway_missing', 0],
  ['R7', 'too_much', 'succeeded', 'posted', 'over_refund', 0],
  ['R7', 'too_much', '–', 'none', 'over_refund', 0],
  ['R8', 'other_amount', 'succeeded', 'posted', 'amount_mismatch', 0],
  ['R9', 'never_paid', '–', 'none', 'refund_without_payment', 1],
  ['R10', 'absent', 'succeeded', 'posted', 'refund_missing', 3],
  ['R11', 'absent', 'requested', 'hold', 'refund_open', 3],
  ['R12', 'absent', 'failed', 'posted', 'refund_debited', 0],
  ['R13', 'absent', '–', 'posted', 'debit_without_refund', 0],
  ['R14', 'pair', 'reversed', '±', 'matched', null],
  ['R14', 'absent', 'reversed', '±', 'matched', null],
  ['R15', 'reversal_after', 'reversed', '±', 'matched', null],
  ['R15', 'reversal_alone', 'reversed', '±', 'refund_without_payment', 1],
  ['R16', 'pair_of_paid', 'reversed', '±', 'reversed_by_provider', 0],
  ['R17', 'notice', 'requested', 'hold', 'refund_open', 0],
];

describe('refund table', () => {
  test.each(REFUNDS)('%s: %s, refund %s, debit %s is %s', (row, p, g, b, cls, wait) => {
    expect(decideRefund(p, g, b)).toMatchObject({ row, class: cls, wait });
  });

  test('has all 17 rows', () => {
    expect(new Set(REFUND_ROWS.map(([no]) => no)).size).toBe(17);
  });

  test('what a rule may not do has no steps', () => {
    for (const [, , , , , , steps, , auto] of REFUND_ROWS) if (auto === 'no') expect(steps).toEqual([]);
  });
});

describe('value differences', () => {
  const rows: [no: number, cls: (typeof VALUE_ROWS)[number]['class'], auto: string, keeps: boolean][] = [
    [1, 'currency_mismatch', 'no', false],
    [2, 'amount_mismatch', 'no', false],
    [3, 'branch_mismatch', 'no', false],
    [4, 'duplicate_payment', 'yes', false],
    [5, 'duplicate_line', 'yes', true],
    [5, 'conflicting_line', 'no', false],
    [6, 'fee_mismatch', 'no', true],
    [7, 'date_mismatch', 'no', true],
    [8, 'reference_mismatch', 'no', false],
    [9, 'unreadable_line', 'no', false],
    [10, 'control_total', 'no', false],
  ];
  test.each(rows)('V%i %s', (no, cls, auto, keeps) => {
    expect(valueDifference(cls)).toMatchObject({ row: `V${no}`, class: cls, auto, keeps });
  });

  test('ten differences', () => expect(new Set(VALUE_ROWS.map((row) => row.no)).size).toBe(10));

  test('a fee within the tolerance is accepted by rule, one beyond it is claimed by people', () => {
    expect(feeVerdict(1n, 1n)).toMatchObject({ auto: 'yes', suggested: 'accept' });
    expect(feeVerdict(-1n, 1n)).toMatchObject({ auto: 'yes', suggested: 'accept' });
    expect(feeVerdict(2n, 1n)).toMatchObject({ auto: 'no', suggested: 'claim_provider' });
  });
});

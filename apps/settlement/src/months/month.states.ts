/**
 * A month of settlement. closing: its steps run, as far as they can; closed: all but the sign-off are done; signed_off: what
 * comes later is an adjustment of its own date.
 */
export type MonthState = 'open' | 'closing' | 'closed' | 'signed_off';

export const MONTH_MOVES: Readonly<Record<MonthState, readonly MonthState[]>> = {
  open: ['closing'],
  closing: ['closed'],
  closed: ['signed_off'],
  signed_off: [],
};

export type StepState = 'waiting' | 'done' | 'blocked';

/** In the order of the month's end: what a step works out may stand on every step before it. */
export const MONTH_STEPS = [
  'last_day',
  'late_resolutions',
  'provider_invoices',
  'fee_true_up',
  'commission_true_up',
  'claw_backs',
  'tax',
  'netting',
  'statements',
  'payouts',
  'sign_off',
] as const;
export type MonthStep = (typeof MONTH_STEPS)[number];

/** From this step on figures are posted: no provider-day of the month is settled from other inputs any more. */
export const FIRST_POSTING = MONTH_STEPS.indexOf('fee_true_up') + 1;

import type { BreakClass, ResolutionAction } from '@yidian/contracts';
import type { Auto, Verdict } from './verdict';

/**
 * MONEY.md §4, value differences: both sides are there and disagree. Several may hold: all are reported, the first in this
 * order is resolved first. `keeps`: the line still settles with its branch.
 */
interface Row {
  no: number;
  class: BreakClass;
  steps: readonly ResolutionAction[];
  suggested: ResolutionAction;
  auto: Auto;
  keeps: boolean;
  wait: number | null;
}

export const VALUE_ROWS: readonly Row[] = [
  { no: 1, class: 'currency_mismatch', steps: [], suggested: 'claim_provider', auto: 'no', keeps: false, wait: 0 },
  { no: 2, class: 'amount_mismatch', steps: [], suggested: 'claim_provider', auto: 'no', keeps: false, wait: 0 },
  { no: 3, class: 'branch_mismatch', steps: [], suggested: 'move_credit', auto: 'no', keeps: false, wait: 0 },
  {
    no: 4,
    class: 'duplicate_payment',
    steps: ['refund_payer'],
    suggested: 'refund_payer',
    auto: 'yes',
    keeps: false,
    wait: 0,
  },
  { no: 5, class: 'duplicate_line', steps: ['accept'], suggested: 'accept', auto: 'yes', keeps: true, wait: 0 },
  { no: 5, class: 'conflicting_line', steps: [], suggested: 'claim_provider', auto: 'no', keeps: false, wait: 0 },
  { no: 6, class: 'fee_mismatch', steps: ['accept'], suggested: 'claim_provider', auto: 'no', keeps: true, wait: 0 },
  { no: 7, class: 'date_mismatch', steps: [], suggested: 'accept', auto: 'no', keeps: true, wait: null },
  { no: 8, class: 'reference_mismatch', steps: [], suggested: 'accept', auto: 'no', keeps: false, wait: 0 },
  { no: 9, class: 'unreadable_line', steps: [], suggested: 'claim_provider', auto: 'no', keeps: false, wait: 0 },
  { no: 10, class: 'control_total', steps: [], suggested: 'claim_provider', auto: 'no', keeps: false, wait: 0 },
];

export function valueDifference(cls: BreakClass): Verdict & { keeps: boolean } {
  const row = VALUE_ROWS.find((r) => r.class === cls);
  if (!row) throw new Error(`${cls} is no value difference`);
  const { no, class: name, wait, steps, suggested, auto, keeps } = row;
  return { row: `V${no}`, class: name, wait, steps, suggested, auto, severe: false, keeps };
}

/** A line's fee within the tolerance is accepted by rule; one beyond it is claimed, by people, once a day. */
export function feeVerdict(difference: bigint, tolerance: bigint): Verdict {
  const size = difference < 0n ? -difference : difference;
  const verdict = valueDifference('fee_mismatch');
  return size <= tolerance ? { ...verdict, suggested: 'accept', auto: 'yes' } : verdict;
}

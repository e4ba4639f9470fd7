import type { NumberDifference, ResolutionAction } from '@yidian/contracts';
import type { Finding } from '../matching/result';
import { difference, standingId } from './difference';

/** Whose a number is decides who is credited: looked at the next day. Its state is the province's to say. */
export const NUMBER_ROWS: Readonly<
  Record<NumberDifference['class'], { row: string; suggested: ResolutionAction; severe: boolean }>
> = {
  number_only_here: { row: 'N1', suggested: 'requery', severe: false },
  number_owner: { row: 'N2', suggested: 'claim_provider', severe: true },
  number_status: { row: 'N3', suggested: 'requery', severe: false },
};

export const numberBreakId = (branch: string, subscriberId: string): string =>
  standingId('number', branch, subscriberId);

/** One break per subscriber, whatever differs today. */
export function numberFindings(branch: string, differences: readonly NumberDifference[]): Finding[] {
  return differences.map(({ subscriberId, number, class: cls, ours, theirs }) =>
    difference({
      ...{ id: numberBreakId(branch, subscriberId), kind: 'number', class: cls, ...NUMBER_ROWS[cls] },
      ...{ key: subscriberId, leg: 'number', branch, txnId: number, raw: `${number}: ${ours} here, ${theirs} there` },
    }),
  );
}

import type { AgreementDifferenceClass, AgreementsCompared, ResolutionAction } from '@yidian/contracts';
import type { Finding } from '../matching/result';
import { difference, standingId } from './difference';

/**
 * Nothing but the rest of debits happens by itself, and that is the gateway's. First step of each: ask the bank whose list it
 * is; what has ended on one side is ended on the other.
 */
export const AGREEMENT_ROWS: Readonly<Record<AgreementDifferenceClass, { row: string; suggested: ResolutionAction }>> =
  {
    only_there: { row: 'A1', suggested: 'claim_provider' },
    only_here: { row: 'A2', suggested: 'requery' },
    ended_one_side: { row: 'A3', suggested: 'confirm_declined' },
    other_account: { row: 'A4', suggested: 'requery' },
  };

export function agreementFindings(provider: string, breaks: AgreementsCompared['breaks']): Finding[] {
  return breaks.map((one) =>
    difference({
      ...{ id: standingId('agreement', provider, one.id), kind: 'agreement', class: one.class },
      ...AGREEMENT_ROWS[one.class],
      ...{ key: one.id, leg: one.class, branch: one.branch, txnId: one.agreementNo },
      refNo: one.agreementId ?? '',
      gState: one.agreementId === null ? null : one.frozen ? 'frozen' : 'kept',
      raw: one.detail,
    }),
  );
}

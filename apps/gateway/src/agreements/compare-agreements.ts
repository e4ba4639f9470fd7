import type { BankAgreement } from '@yidian/connectors/bank-direct';
import type { AgreementBreakClass } from './agreement-runs.store';

/** One of ours as far as it is compared. */
export interface OurAgreement {
  id: string;
  /** As the provider numbers it. */
  number: string;
  state: 'pending' | 'active' | 'frozen' | 'ended';
  accountTail: string | null;
  ref: string;
}

export interface AgreementDifference {
  class: AgreementBreakClass;
  number: string;
  id: string | null;
  detail: string;
  /** Debits rest until somebody has looked: the only thing that is done without people. */
  freeze: boolean;
}

/** MONEY §4: only_there, only_here, ended_one_side, other_account. Nobody is asked and nothing is ended here. */
export function compareOne(
  theirs: BankAgreement | undefined,
  ours: OurAgreement | undefined,
): AgreementDifference | null {
  if (!ours) return theirs?.state === 'active' ? onlyThere(theirs) : null;
  const found = (kind: AgreementBreakClass, detail: string, freeze: boolean): AgreementDifference => ({
    ...{ class: kind, number: ours.number, id: ours.id, detail, freeze },
  });
  const live = ours.state === 'active' || ours.state === 'frozen';
  if (!theirs) return live ? found('only_here', 'the provider does not have it', true) : null;
  if (live && theirs.state === 'ended')
    return found('ended_one_side', `the provider ended it on ${theirs.endedOn}`, true);
  if (ours.state === 'ended' && theirs.state === 'active')
    return found('ended_one_side', 'it has ended here, and stands at the provider', false);
  if (!live) return null;
  if (theirs.accountTail !== ours.accountTail || theirs.agreementRef !== ours.ref)
    return found('other_account', `${ours.accountTail ?? ''} here, ${theirs.accountTail} there`, true);
  return null;
}

const onlyThere = (theirs: BankAgreement): AgreementDifference => ({
  class: 'only_there',
  number: theirs.agreementNo,
  id: null,
  detail: `signed there on ${theirs.signedOn}, account ··${theirs.accountTail}`,
  freeze: false,
});

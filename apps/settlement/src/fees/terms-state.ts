/**
 * Terms of a contract: proposed by one person, simulated over past months, then activated or rejected by another. What is
 * active is never edited; the carrier's profile is active from the start.
 */
export type TermsState = 'draft' | 'active' | 'rejected';

export const TERMS_MOVES: Readonly<Record<TermsState, readonly TermsState[]>> = {
  draft: ['active', 'rejected'],
  active: [],
  rejected: [],
};

/** Who stands behind terms that nobody else may decide alone. */
export interface Decision {
  state: TermsState;
  proposedBy: string;
  decidedBy: string;
  reason: string;
  /** Digest of the simulation that was seen last; empty: none. */
  simulated: string;
}

/** The carrier's profile: decided where the installation is configured. */
export const FROM_PROFILE: Decision = {
  ...{ state: 'active', proposedBy: 'profile', decidedBy: 'profile', reason: '', simulated: '' },
};

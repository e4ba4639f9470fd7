import { assertReachable } from '../payments/payment.states';
import type { AgreementState, LinkedNumberState } from './agreement.schema';

/** Which state may follow which. A frozen agreement pays nothing, by whatever door it is asked. */
export const AGREEMENT_MOVES: Readonly<Record<AgreementState, readonly AgreementState[]>> = {
  pending: ['active', 'ended'],
  active: ['frozen', 'ended'],
  frozen: ['active', 'ended'],
  ended: [],
};

export const LINKED_MOVES: Readonly<Record<LinkedNumberState, readonly LinkedNumberState[]>> = {
  pending_consent: ['active', 'refused', 'ended'],
  /** refused: thought better of */
  active: ['refused', 'ended'],
  refused: [],
  ended: [],
};

export const agreementsIn = (to: AgreementState): AgreementState[] => sourcesOf(AGREEMENT_MOVES, to);
export const linkedIn = (to: LinkedNumberState): LinkedNumberState[] => sourcesOf(LINKED_MOVES, to);

/** The states from which one can be reached in a step. */
function sourcesOf<S extends string>(moves: Readonly<Record<S, readonly S[]>>, to: S): S[] {
  return (Object.keys(moves) as S[]).filter((from) => moves[from].includes(to));
}

export function assertAgreementStates(): void {
  assertReachable('agreement', AGREEMENT_MOVES, 'pending', ['ended']);
  assertReachable('linked number', LINKED_MOVES, 'pending_consent', ['refused', 'ended']);
}

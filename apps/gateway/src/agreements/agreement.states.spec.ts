import { AGREEMENT_MOVES, agreementsIn, assertAgreementStates, LINKED_MOVES, linkedIn } from './agreement.states';

test('the tables stand at boot', () => expect(() => assertAgreementStates()).not.toThrow());

test('every move of an agreement', () =>
  expect(AGREEMENT_MOVES).toEqual({
    pending: ['active', 'ended'],
    active: ['frozen', 'ended'],
    frozen: ['active', 'ended'],
    ended: [],
  }));

test('every move of a linked number', () =>
  expect(LINKED_MOVES).toEqual({
    pending_consent: ['active', 'refused', 'ended'],
    active: ['refused', 'ended'],
    refused: [],
    ended: [],
  }));

test('where a state may come from', () => {
  expect(agreementsIn('ended')).toEqual(['pending', 'active', 'frozen']);
  expect(agreementsIn('frozen')).toEqual(['active']);
  expect(linkedIn('ended')).toEqual(['pending_consent', 'active']);
});

import { creditState, paymentState } from './payment.schema';
import {
  assertReachable,
  assertStates,
  canMove,
  canMoveCredit,
  CREDIT_MOVES,
  isFinal,
  OPEN_STATES,
  PAYMENT_MOVES,
} from './payment.states';

/** The table of the design, written out a second time: a change here is a change of the contract. */
const WANTED: [from: string, to: string[]][] = [
  ['created', ['submitted', 'closed', 'paid']],
  ['submitted', ['paid', 'declined', 'unknown', 'closed']],
  ['unknown', ['paid', 'declined', 'closed']],
  ['paid', ['completed', 'rejected', 'refunding', 'reversing']],
  ['closed', ['paid']],
  ['declined', ['paid']],
  ['completed', ['reversing', 'refunding', 'returned']],
  ['reversing', ['reversed', 'completed', 'paid']],
  ['refunding', ['refunded', 'partially_refunded', 'completed', 'paid']],
  ['partially_refunded', ['refunding', 'returned']],
  ['rejected', []],
  ['reversed', []],
  ['refunded', []],
  ['returned', []],
];

describe('payment states', () => {
  test.each(WANTED)('%s leads to %j and nowhere else', (from, to) => {
    const states = paymentState.options;
    const allowed = states.filter((next) => canMove(from as (typeof states)[number], next));
    expect(new Set(allowed)).toEqual(new Set(to));
  });

  test('the tables name every state once and are sound', () => {
    expect(Object.keys(PAYMENT_MOVES).sort()).toEqual([...paymentState.options].sort());
    expect(() => assertStates()).not.toThrow();
  });

  test('an unknown credit ends only by credited, rejected or voided', () => {
    const ends = creditState.options.filter((to) => canMoveCredit('unknown', to));
    expect(ends.sort()).toEqual(['credited', 'rejected', 'voided']);
    for (const end of ends) expect(CREDIT_MOVES[end]).toEqual([]);
  });

  test('what is open is not final', () => {
    for (const state of paymentState.options) expect(isFinal(state)).toBe(!OPEN_STATES.includes(state));
    expect(isFinal('unknown')).toBe(false);
  });

  test('an unreachable state and a dead end are found', () => {
    const lost: Record<string, string[]> = { a: ['b'], b: [], c: ['b'] };
    expect(() => assertReachable('t', lost, 'a', ['b'])).toThrow('c cannot be reached');
    const stuck: Record<string, string[]> = { a: ['b', 'c'], b: [], c: ['c'] };
    expect(() => assertReachable('t', stuck, 'a', ['b'])).toThrow('no end can be reached from c');
  });
});

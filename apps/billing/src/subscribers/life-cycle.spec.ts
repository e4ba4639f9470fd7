import { assertLife, isGone, LIFE, type LifeState, type MoveKind } from './life-cycle';

const KINDS: MoveKind[] = [
  'suspended',
  'resumed',
  'pre_closed',
  'closed',
  'ported_out',
  'owner_changed',
  'recycled',
  'ported_in',
];
const NO = '–';

describe('the life of a subscriber', () => {
  test('the table stands at boot', () => expect(() => assertLife()).not.toThrow());

  test('every state and every change, the refused ones too', () => {
    const table = (Object.keys(LIFE) as LifeState[]).map((from) => [
      from,
      ...KINDS.map((kind) => LIFE[from][kind] ?? NO),
    ]);
    expect(table).toEqual([
      ['active', 'suspended', 'active', 'pre_closed', 'closed', 'ported_out', 'active', 'recycled', 'recycled'],
      ['suspended', 'suspended', 'active', 'pre_closed', 'closed', 'ported_out', 'suspended', 'recycled', 'recycled'],
      ['pre_closed', NO, 'active', 'pre_closed', 'closed', 'ported_out', NO, 'recycled', 'recycled'],
      ['closed', NO, 'active', NO, 'closed', NO, NO, 'recycled', 'recycled'],
      ['ported_out', NO, NO, NO, 'ported_out', 'ported_out', NO, 'recycled', 'recycled'],
      ['recycled', NO, NO, NO, NO, NO, NO, NO, NO],
    ]);
  });

  test.each([
    ['a state nobody reaches', { ...LIFE, active: {}, recycled: {} }, /cannot be reached/],
    ['a state without an end', { ...LIFE, closed: {} }, /closed has no way/],
    ['an end that goes on', { ...LIFE, recycled: { resumed: 'active' as const } }, /recycled is no end/],
  ])('%s is found', (_name, life, found) => expect(() => assertLife(life)).toThrow(found));

  test('who is gone', () => {
    const gone = (Object.keys(LIFE) as LifeState[]).filter(isGone);
    expect(gone).toEqual(['closed', 'ported_out', 'recycled']);
  });
});

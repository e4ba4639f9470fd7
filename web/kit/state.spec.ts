import { look } from './state';

test.each([
  ['payment', 'unknown', 'unknown'],
  ['payment', 'completed', 'done'],
  ['payment', 'paid', 'waiting'],
  ['break', 'open', 'failed'],
  ['day', 'settled', 'done'],
  ['payment', 'a_state_of_next_year', 'unknown'],
] as const)('%s %s looks %s', (kind, state, expected) => expect(look(kind, state)).toBe(expected));

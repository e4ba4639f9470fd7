import type { BState, GState } from './verdict';

/** What people read in the columns of a break. */
export const G_WORDS: Readonly<Record<GState, string | null>> = {
  K: 'paid',
  U: 'unknown',
  C: 'created',
  N: 'closed',
  V: 'reversed',
  F: 'credit_failed',
  '–': null,
};
export const B_WORDS: Readonly<Record<BState, string | null>> = {
  '+': 'credited',
  '–': null,
  '?': 'unknown',
  x: 'rejected',
  '±': 'taken_back',
};

import type { BreakView } from '@yidian/contracts';

export type BreakState = BreakView['state'];

/** Moves of a break. Resolved is the end, except that a re-run may find the same difference again. */
const MOVES: Readonly<Record<BreakState, readonly BreakState[]>> = {
  suspense: ['open', 'resolved'],
  open: ['proposed', 'resolving', 'suspense', 'resolved'],
  proposed: ['open', 'resolving', 'suspense', 'resolved'],
  resolving: ['open', 'suspense', 'resolved'],
  resolved: ['open', 'suspense'],
};

export const canMove = (from: BreakState, to: BreakState): boolean => MOVES[from].includes(to);

/** Still somebody's business: its key is looked at again with every later statement. */
export const UNSETTLED: readonly BreakState[] = ['suspense', 'open', 'proposed', 'resolving'];

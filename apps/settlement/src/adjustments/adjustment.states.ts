/**
 * A correction of what is signed off: proposed by one person, decided once by another. What is approved is planned in the same
 * transaction and will be posted, by whoever finds the plan; what is posted is undone only by another adjustment.
 */
export type AdjustmentState = 'proposed' | 'approved' | 'rejected';

export const ADJUSTMENT_MOVES: Readonly<Record<AdjustmentState, readonly AdjustmentState[]>> = {
  proposed: ['approved', 'rejected'],
  approved: [],
  rejected: [],
};

/**
 * A batch is everything that is posted together for one provider-day (or one resolution). `planning` may be thrown away;
 * from `posting` on the plan is fixed in rows and will be carried through, by whoever finds it. A settled batch is undone
 * only leg by leg, when its provider-day is settled again from other inputs before sign-off.
 */
export type BatchState = 'planning' | 'abandoned' | 'posting' | 'settled' | 'reversing' | 'reversed';

export const BATCH_MOVES: Readonly<Record<BatchState, readonly BatchState[]>> = {
  planning: ['abandoned', 'posting'],
  abandoned: [],
  posting: ['settled'],
  settled: ['reversing'],
  reversing: ['reversed'],
  reversed: [],
};

export const mayMove = (from: BatchState, to: BatchState): boolean => BATCH_MOVES[from].includes(to);

/** Its legs are, or surely will be, in the ledger. */
export const BINDING: readonly BatchState[] = ['posting', 'settled'];

import type { StepName, StepState } from '@yidian/contracts';
import type { Queryable } from '@yidian/database';

export interface StepRow {
  id: string;
  provider: string;
  date: string;
  generation: number;
  name: StepName;
  state: StepState;
  fence: bigint;
  tries: number;
}

/**
 * done: published together with `publish`, in one transaction, by the fence that computed it.
 * again: nothing is wrong, only not yet. failed: somebody must look; the sweep tries again later.
 */
export type StepOutcome =
  | { kind: 'done'; resultHash: string; publish?: (tx: Queryable) => Promise<void> }
  | { kind: 'again'; afterMs: number; why: string }
  | { kind: 'failed'; why: string };

/** Lines done of all lines; told as often as one likes, written down once a second. */
export type TellProgress = (done: number, total: number) => void;

/** One kind of step. It may run twice at once and be cut anywhere: what it writes outside `publish` is named by its inputs. */
export interface StepWork {
  readonly name: StepName;
  run(step: StepRow, lost: AbortSignal, tell: TellProgress): Promise<StepOutcome>;
}

export const done = (resultHash: string, publish?: (tx: Queryable) => Promise<void>): StepOutcome =>
  publish ? { kind: 'done', resultHash, publish } : { kind: 'done', resultHash };
export const again = (afterMs: number, why: string): StepOutcome => ({ kind: 'again', afterMs, why });
export const failed = (why: string): StepOutcome => ({ kind: 'failed', why });

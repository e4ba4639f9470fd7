import type { BatchLimits } from '@yidian/batching';
import type { LaneBody } from './lane-body';

export interface LaneWriterOptions<I, R> {
  url: string;
  service: string;
  /** Names this process in the lane table, for operators only. */
  instance: string;
  body: LaneBody<I, R>;
  limits?: Partial<BatchLimits>;
  /** Something an operator must hear of. Default: stderr. */
  alarm?: (message: string, error?: unknown) => void;
}

/** One serial writer: batches in, one transaction at a time. */
export class LaneWriter<I, R> {
  constructor(readonly options: LaneWriterOptions<I, R>) {}
  open(): Promise<void> {
    throw new Error('not there yet');
  }
  /** Resolves when committed. Rejects with Busy, Expired (both surely not executed) or OutcomeUnknown. */
  submit(_item: I, _ttlMs?: number): Promise<R> {
    throw new Error('not there yet');
  }
  /** Lane open and the database takes writes. */
  ready(): boolean {
    return false;
  }
  /** Age of the oldest waiting item: the signal admission reads. */
  queueAgeMs(): number {
    return 0;
  }
  close(): Promise<void> {
    throw new Error('not there yet');
  }
}

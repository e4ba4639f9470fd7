import { Injectable } from '@nestjs/common';
import { effectsOf, gathered, type KindSum } from './receivable-effects';
import { ReceivablesStore, type Uncounted } from './receivables.store';

const BATCHES = 64n;

/**
 * Keeps the sums and the open items of every branch's `receivable` behind the lanes, never in the write door's way. Each
 * stretch of a lane is counted in one transaction with its cursor, so whoever stops or comes twice counts nothing twice.
 */
@Injectable()
export class CountReceivables {
  constructor(private readonly store: ReceivablesStore) {}

  /** @param goOn asked before each stretch. @returns whether everything that was there at the beginning is counted */
  async execute(goOn: () => boolean | Promise<boolean> = () => true): Promise<boolean> {
    for (const lane of await this.store.uncounted())
      for (const stretch of stretchesOf(lane)) {
        if (!(await goOn())) return false;
        const transfers = await this.store.transfers(stretch.laneId, stretch.after, stretch.to);
        if (!(await this.store.count(stretch, gathered(transfers.flatMap(effectsOf))))) break; // somebody else is at it
      }
    return true;
  }

  /** Sums of batches that are not counted yet. */
  async sumsOf(uncounted: readonly Uncounted[]): Promise<KindSum[]> {
    const sums: KindSum[] = [];
    for (const lane of uncounted)
      for (const { laneId, after, to } of stretchesOf(lane))
        sums.push(...gathered((await this.store.transfers(laneId, after, to)).flatMap(effectsOf)).sums);
    return sums;
  }
}

function* stretchesOf({ laneId, after, to }: Uncounted): Generator<Uncounted> {
  for (let at = after; at < to; at += BATCHES) yield { laneId, after: at, to: at + BATCHES < to ? at + BATCHES : to };
}

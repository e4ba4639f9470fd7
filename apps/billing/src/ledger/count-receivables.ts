import { Injectable } from '@nestjs/common';
import { addedUp, effectsOf, gathered, type KindSum, type Uncounted } from './receivable-effects';
import { ReceivablesStore, type Counted } from './receivables.store';

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
        if (!(await this.store.count(stretch, await this.read(stretch)))) break; // somebody else is at it
      }
    return true;
  }

  /** Sums of batches that are not counted yet. */
  async sumsOf(uncounted: readonly Uncounted[]): Promise<KindSum[]> {
    const sums: KindSum[] = [];
    for (const lane of uncounted)
      for (const stretch of stretchesOf(lane)) sums.push(...(await this.read(stretch)).sums);
    return sums;
  }

  private async read(stretch: Uncounted): Promise<Counted> {
    const { sums, plain, others } = await this.store.plainSums(stretch);
    if (others === 0) return { sums: addedUp(sums), plain, changes: [] };
    const rest = gathered((await this.store.others(stretch)).flatMap(effectsOf));
    return { sums: addedUp([...sums, ...rest.sums]), plain, changes: rest.changes };
  }
}

function* stretchesOf({ laneId, after, to }: Uncounted): Generator<Uncounted> {
  for (let at = after; at < to; at += BATCHES) yield { laneId, after: at, to: at + BATCHES < to ? at + BATCHES : to };
}

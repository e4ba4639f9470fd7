import type { Db } from '@yidian/database';
import { anchorAt, lanesAt, type ChainStart } from '@yidian/journal';
import type { Snapshot } from './snapshots.store';

/** Where a verification begins: at the first batch, or at a snapshot and the lanes as they stood at its anchor. */
export interface Basis {
  snapshot?: Snapshot;
  start?: ChainStart;
}

/** The anchor itself is looked at again: the walk begins behind the one before it. */
export async function basisOf(db: Db, snapshot: Snapshot): Promise<Basis> {
  const anchor = await anchorAt(db, snapshot.anchorN);
  if (!anchor) return {}; // gone: everything is walked, and the chain of anchors says so
  const lanes = new Map((await lanesAt(db, anchor.n)).map((lane) => [lane.laneId, lane]));
  return { snapshot, start: { anchor: { n: anchor.n - 1n, hash: anchor.prev }, lanes } };
}

import type { Archived } from '@yidian/archive';
import type { Priceable } from '../pricing';
import type { Terms } from '../terms';
import type { FeeGap } from './settle-part';

/** What every thread is told. */
export interface SettleSettings {
  /** Folder of the archive that has the matched lines and takes the settled ones. */
  archive: string;
  /** Where in the archive the settled lines go. */
  place: readonly string[];
  terms: Terms;
  /** Code → channel and partner, as reconciliation numbers them for a run. */
  names: readonly [number, { channel: string; partner: string }][];
}

export interface SettledPart extends Archived {
  n: number;
  /** Between which first nine digits its payment numbers lie. */
  first: number;
  last: number;
}

/** What one thread has counted. */
export interface Counted {
  groups: { line: Priceable; count: number; totals: bigint[] }[];
  gaps: FeeGap[];
}

export type ToSettler = { part: number; segment: Archived } | 'end';
export type FromSettler = { settled: SettledPart } | { counted: Counted } | { failed: string };

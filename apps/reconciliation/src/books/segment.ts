import type { Archived } from '@yidian/archive';
import type { BookService } from './fact';

/**
 * A stretch of a lane, in the archive as its source wrote it (contracts: PullReply). Its row is written in the transaction
 * that moves the cursor and never changed. What it holds can be asked of the source again, to the byte.
 */
export interface Segment extends Archived {
  service: BookService;
  laneId: number;
  /** First and last fact. */
  from: bigint;
  to: bigint;
  n: number;
  bytes: number;
}

export const segmentPlace = (service: BookService, laneId: number, from: bigint, to: bigint): string[] => [
  'books',
  service,
  `lane-${laneId}`,
  `${from}-${to}.tsv`,
];

export const nameOf = ({ service, laneId, from, to }: Segment): string => `${service} lane ${laneId}, ${from} to ${to}`;

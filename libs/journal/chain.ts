import { createHash, hash } from 'node:crypto';

export const ZERO_HASH: Buffer = Buffer.alloc(32);

/**
 * Hash of the rows of one batch. Sorted, each with its length in UTF-16 units, so that it does not depend on how tables are read back and
 * no two lists of rows give the same bytes.
 */
export function bodyHash(rows: readonly string[]): Buffer {
  let text = '';
  for (const row of [...rows].sort()) text += `${row.length}:${row}\n`;
  return hash('sha256', text, 'buffer');
}

export interface BatchLink {
  prev: Buffer;
  laneId: number;
  batchNo: bigint;
  firstSeq: bigint;
  n: number;
  body: Buffer;
  /** The anchor this batch quotes: it proves the batch is younger than that anchor. */
  anchorN: bigint;
  anchorHash: Buffer;
}

export function batchHash(link: BatchLink): Buffer {
  return createHash('sha256')
    .update(link.prev)
    .update(`batch|${link.laneId}|${link.batchNo}|${link.firstSeq}|${link.n}|${link.anchorN}|`)
    .update(link.body)
    .update(link.anchorHash)
    .digest();
}

export interface AnchoredHead {
  laneId: number;
  batchNo: bigint;
  head: Buffer;
}

export function anchorHash(prev: Buffer, n: bigint, heads: readonly AnchoredHead[]): Buffer {
  const hash = createHash('sha256').update(prev).update(`anchor|${n}\n`);
  for (const one of [...heads].sort((a, b) => a.laneId - b.laneId))
    hash.update(`${one.laneId}|${one.batchNo}|${one.head.toString('hex')}\n`);
  return hash.digest();
}

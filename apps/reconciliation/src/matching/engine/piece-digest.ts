import { createHash } from 'node:crypto';
import { WORDS } from './record';

/** The digest is made of pieces by the first 12 bits of the hash, so that it does not know how many partitions there were. */
const DIGEST_BITS = 12;

/** Hashes of the records by the first bits of their hash; records come in order. */
export class PieceDigest {
  private readonly done: [number, string][] = [];
  private piece = -1;
  private hash = createHash('sha256');

  add(records: Uint32Array): void {
    for (let from = 0; from < records.length;) {
      const piece = (records[from] as number) >>> (32 - DIGEST_BITS);
      let to = from;
      while (to < records.length && (records[to] as number) >>> (32 - DIGEST_BITS) === piece) to += WORDS;
      if (piece !== this.piece) this.next(piece);
      this.hash.update(new Uint8Array(records.buffer, records.byteOffset + from * 4, (to - from) * 4));
      from = to;
    }
  }

  end(): [number, string][] {
    this.next(-1);
    return this.done;
  }

  private next(piece: number): void {
    if (this.piece >= 0) this.done.push([this.piece, this.hash.digest('hex')]);
    this.piece = piece;
    this.hash = createHash('sha256');
  }
}

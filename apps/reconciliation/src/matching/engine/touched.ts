import type { SipHash } from './sip-hash';

/** What keeps a group from being plain: its number was named elsewhere, or a line names its reference or transaction. */
export interface TouchedHashes {
  /** 53 bits of the hashes of payment numbers. */
  keys: number[];
  /** 53 bits of the hashes of references and transactions. */
  refs: number[];
}

const FILTER_BITS = 20;
const FILTER_MASK = (1 << FILTER_BITS) - 1;

/** What a double holds of a hash's first two words. */
const joined = (first: number, second: number): number => first + (second & 0x1fffff) * 0x100000000;

/**
 * 53 bits of a hash decide, behind a small filter that answers almost always. A wrong yes costs a group that would have been
 * plain its way through the classifier, and nothing else. (With 32 bits a file of ten million met dozens of them.)
 */
export class Touched {
  private readonly keys: Set<number>;
  private readonly refs: Set<number>;
  private readonly keyFilter = new Uint8Array(1 << (FILTER_BITS - 3));
  private readonly refFilter = new Uint8Array(1 << (FILTER_BITS - 3));

  constructor({ keys, refs }: TouchedHashes) {
    this.keys = new Set(keys);
    this.refs = new Set(refs);
    for (const key of keys) mark(this.keyFilter, key >>> 0);
    for (const ref of refs) mark(this.refFilter, ref >>> 0);
  }

  /** By the first two words of the hash, as of all that follow. */
  key(first: number, second: number): boolean {
    return marked(this.keyFilter, second) && this.keys.has(joined(second, first));
  }

  ref(first: number, second: number): boolean {
    return marked(this.refFilter, first) && this.refs.has(joined(first, second));
  }
}

const mark = (filter: Uint8Array, hash: number): void => {
  const bit = hash & FILTER_MASK;
  filter[bit >> 3] = (filter[bit >> 3] as number) | (1 << (bit & 7));
};
const marked = (filter: Uint8Array, hash: number): boolean => {
  const bit = hash & FILTER_MASK;
  return ((filter[bit >> 3] as number) & (1 << (bit & 7))) !== 0;
};

/** Hashes of texts as records carry them. */
export function touchedBy(sip: SipHash, numbers: Iterable<string>, refs: Iterable<string>): TouchedHashes {
  const keys = [...new Set(numbers)].map((number) => {
    sip.hash128(0, sip.put(number));
    return joined(sip.h1, sip.h0);
  });
  const hashes = [...new Set(refs)]
    .filter((ref) => ref !== '')
    .map((ref) => {
      sip.hash64(0, sip.put(ref));
      return joined(sip.h0, sip.h1);
    });
  return { keys: [...new Set(keys)].sort((a, b) => a - b), refs: [...new Set(hashes)].sort((a, b) => a - b) };
}

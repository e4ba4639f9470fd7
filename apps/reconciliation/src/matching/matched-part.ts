import { SipHash } from './engine/sip-hash';
import { EVERY, INDEX_WORDS, PLACE_WORDS, readHeader, type MatchedShape } from './engine/matched-file';
import { amountOf, numberOf, offsetOf, WORDS } from './engine/record';
import type { LineRef } from './engine/statement-chunk';

/** A matched line as its record says it. */
export interface MatchedRecord {
  number: string;
  amount: bigint;
  fee: bigint;
  branch: string;
  acquiringBranch: string;
  /** Code of channel and partner. */
  code: number;
  /** Its line in the statement's file. */
  place: LineRef;
}

/** One sealed part, its bytes already held against their hash. */
export class MatchedPart {
  private readonly shape: MatchedShape;
  private readonly records: Uint32Array;
  private readonly places: Uint32Array;
  private readonly index: Uint32Array;

  constructor(bytes: Buffer) {
    const own = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(new Uint8Array(bytes).buffer);
    this.shape = readHeader(own);
    const { n, recordsAt, placesAt, indexAt } = this.shape;
    const words = (at: number, length: number) => new Uint32Array(own.buffer, own.byteOffset + at, length);
    this.records = words(recordsAt, n * WORDS);
    this.places = words(placesAt, n * PLACE_WORDS);
    this.index = words(indexAt, Math.ceil(n / EVERY) * INDEX_WORDS);
  }

  get n(): number {
    return this.shape.n;
  }

  at(place: number): MatchedRecord {
    const { records } = this;
    const word = place * WORDS;
    const line = Uint32Array.from({ length: WORDS }, () => 0);
    line.set(this.places.subarray(place * PLACE_WORDS, (place + 1) * PLACE_WORDS), 12);
    return {
      number: numberOf(records, word),
      amount: BigInt(amountOf(records, word)),
      fee: BigInt((records[word + 9] as number) | 0),
      branch: branchOf(records[word + 12] as number),
      acquiringBranch: branchOf(records[word + 13] as number),
      code: records[word + 14] as number,
      place: { offset: offsetOf(line, 0), length: (line[13] as number) & 0xffff, chunk: 0, line: 0 },
    };
  }

  /** One seek: the index says which 512 records it can be among. */
  find(sip: SipHash, number: string): MatchedRecord | null {
    sip.hash128(0, sip.put(number));
    const key = Uint32Array.from([sip.h0, sip.h1, sip.h2, sip.h3]);
    let block = 0;
    while ((block + 1) * INDEX_WORDS < this.index.length && this.before((block + 1) * INDEX_WORDS, key)) block++;
    const last = Math.min(this.n, (block + 1) * EVERY);
    for (let place = block * EVERY; place < last; place++)
      if (numberOf(this.records, place * WORDS) === number) return this.at(place);
    return null;
  }

  /** Places of the records with one of these transactions, by the first word of their hashes. */
  withTransaction(hashes: ReadonlySet<number>): number[] {
    const found: number[] = [];
    for (let place = 0; place < this.n; place++)
      if (hashes.has(this.records[place * WORDS + 10] as number)) found.push(place);
    return found;
  }

  private before(at: number, key: Uint32Array): boolean {
    for (let word = 0; word < 4; word++) {
      const [left, right] = [this.index[at + word] as number, key[word] as number];
      if (left !== right) return left < right;
    }
    return true;
  }
}

/** 0: there is none. */
const branchOf = (code: number): string => (code === 0 ? '' : String(code).padStart(6, '0'));

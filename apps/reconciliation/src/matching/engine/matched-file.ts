import { WORDS } from './record';

/**
 * Matched lines of one partition, sealed:
 *   header 64 B: `YDMATCH1`, count, distance of the index, unused
 *   records, 64 B each, by hash: words 0-8 as in the statement's record; 9 the fee; 10-11 the transaction's hash; 12 home and
 *   13 acquiring branch; 14 code of channel and partner; 15 unused
 *   places, 8 B each: offset of the line in the statement's file, low 32 bits, then high 16 and length
 *   index, 16 B each: the hash of every 512th record
 * The records say the same whatever the order of the file was: their hash is the run's digest. The places do not.
 */
export const EVERY = 512;
export const HEADER_BYTES = 64;
export const PLACE_WORDS = 2;
export const INDEX_WORDS = 4;
const MAGIC = Buffer.from('YDMATCH1');

export interface MatchedShape {
  n: number;
  recordsAt: number;
  placesAt: number;
  indexAt: number;
  bytes: number;
}

export function shapeOf(n: number): MatchedShape {
  const placesAt = HEADER_BYTES + n * WORDS * 4;
  const indexAt = placesAt + n * PLACE_WORDS * 4;
  return { n, recordsAt: HEADER_BYTES, placesAt, indexAt, bytes: indexAt + Math.ceil(n / EVERY) * INDEX_WORDS * 4 };
}

/** @param pieces records and places, piece by piece in order */
export function matchedBytes(pieces: readonly { records: Uint32Array; places: Uint32Array }[]): Buffer {
  const n = pieces.reduce((sum, { records }) => sum + records.length / WORDS, 0);
  const shape = shapeOf(n);
  const bytes = Buffer.allocUnsafe(shape.bytes);
  bytes.fill(0, 0, HEADER_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(n, 8);
  bytes.writeUInt32LE(EVERY, 12);
  let place = 0;
  let index = shape.indexAt;
  for (const { records, places } of pieces) {
    raw(records).copy(bytes, shape.recordsAt + place * WORDS * 4);
    raw(places).copy(bytes, shape.placesAt + place * PLACE_WORDS * 4);
    const count = records.length / WORDS;
    for (let at = (EVERY - (place % EVERY)) % EVERY; at < count; at += EVERY, index += INDEX_WORDS * 4)
      raw(records.subarray(at * WORDS, at * WORDS + INDEX_WORDS)).copy(bytes, index);
    place += count;
  }
  return bytes;
}

const raw = (words: Uint32Array): Buffer => Buffer.from(words.buffer, words.byteOffset, words.byteLength);

/** @throws when these are no matched lines */
export function readHeader(bytes: Buffer): MatchedShape {
  if (!bytes.subarray(0, 8).equals(MAGIC)) throw new Error('no matched lines');
  return shapeOf(bytes.readUInt32LE(8));
}

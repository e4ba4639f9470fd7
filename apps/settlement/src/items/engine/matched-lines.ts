/**
 * Matched lines of one partition as reconciliation seals them (`YDMATCH1`), as far as settlement reads them:
 *   header 64 B: magic, count, distance of the index
 *   records, 64 B each, by the hash of the payment number: words 0-3 the hash, 4 side, kind, last two digits, 5-6 the number's
 *   first nine digits and its next nine, 7-8 the amount, 9 the statement's fee, 12 home and 13 acquiring branch, 14 code of
 *   channel and partner
 * All of them are payments in our currency whose three books agree.
 */
export const WORDS = 16;
const HEADER_BYTES = 64;
const MAGIC = 'YDMATCH1';

export const AT = { hash: 0, last: 4, first: 5, next: 6, low: 7, high: 8, fee: 9, home: 12, acquiring: 13, code: 14 };
const LAST_SHIFT = 6;
const LAST_MASK = 0x7f;

/** The records of a segment, 16 words each. @throws when these are no matched lines, or fewer than their header says */
export function matchedRecords(bytes: Buffer): Uint32Array {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('no matched lines');
  const n = bytes.readUInt32LE(8);
  if (bytes.length < HEADER_BYTES + n * WORDS * 4) throw new Error('matched lines are cut short');
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset + HEADER_BYTES, n * WORDS);
}

/** Last two digits of a payment number. */
export const lastDigits = (word: number): number => (word >>> LAST_SHIFT) & LAST_MASK;

/** The payment number of three words: nine digits, nine, two. */
export const numberOf = (first: number, next: number, last: number): string =>
  String(first).padStart(9, '0') + String(next).padStart(9, '0') + String(last).padStart(2, '0');

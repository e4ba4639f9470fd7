/**
 * The engine's record: 16 words of 32 bits for a statement line (P), a fact of the gateway (G) or of billing (B). The key is in
 * it as hash and as itself: a payment number is 20 digits, so keys are compared and never only their hashes.
 *
 *   0-3   hash of the payment number, 128 bits, most significant first
 *   4     side, kind, last two digits of the number, flags
 *   5-6   its first nine digits, its next nine
 *   7-8   amount without its sign, low and high
 *   9     P: fee, signed · G, B: home branch
 *   10-11 P, G: hash of the provider's transaction, 64 bits, 0 when there is none
 *   12    P: offset of the line, low · G, B: acquiring branch
 *   13    P: offset, high 16 bits, and length of the line · G, B: code of channel and partner
 *   14-15 P: line within its chunk, chunk · G, B: hash of the reference, 64 bits
 */
export const WORDS = 16;
export const RECORD_BYTES = WORDS * 4;

/** Word 4. */
export const SIDE = { P: 0, G: 1, B: 2 } as const;
export const KIND_SHIFT = 2;
export const KIND_MASK = 0xf;
export const LAST_SHIFT = 6;
export const LAST_MASK = 0x7f;
/** Something the record cannot hold, or not in our currency: its group is for the classifier. */
export const ODD = 1 << 13;
/** A fact beyond the cut, up to the horizon. */
export const BEYOND = 1 << 14;

export const P_KINDS = ['payment', 'refund', 'reversal'] as const;
export const P_PAYMENT = 0;

/** Facts by their place here; what a plain group may hold first. */
export const F_KINDS = [
  'paid',
  'credited',
  'submitted',
  'unknown',
  'declined',
  'closed',
  'reversed',
  'refund_submitted',
  'refunded',
  'refund_failed',
  'returned',
  'credit_rejected',
  'credit_voided',
  'credit_reversed',
] as const;
export const F_PAID = 0;
export const F_CREDITED = 1;
export const F_SUBMITTED = 2;
export const F_UNKNOWN = 3;

/** Amounts within a record; larger ones are odd. Ten digits: sums over a chunk stay exact in a double. */
export const MOST_AMOUNT = 9_999_999_999;

/** Which partition of 2^bits a record belongs to. */
export const partitionOf = (h0: number, bits: number): number => (bits === 0 ? 0 : h0 >>> (32 - bits));

/** The payment number of a record. */
export function numberOf(words: Uint32Array, at: number): string {
  const last = ((words[at + 4] as number) >>> LAST_SHIFT) & LAST_MASK;
  const [first, second] = [String(words[at + 5]), String(words[at + 6])];
  return first.padStart(9, '0') + second.padStart(9, '0') + String(last).padStart(2, '0');
}

export const amountOf = (words: Uint32Array, at: number): number =>
  (words[at + 7] as number) + (words[at + 8] as number) * 0x100000000;

export const offsetOf = (words: Uint32Array, at: number): number =>
  (words[at + 12] as number) + ((words[at + 13] as number) >>> 16) * 0x100000000;

/** Order of groups: hash, then the number itself, so that a collision is two groups and never one. Unrolled: it is the inner loop. */
export function compareKeys(a: Uint32Array, i: number, b: Uint32Array, j: number): number {
  let left = a[i] as number;
  let right = b[j] as number;
  if (left !== right) return left < right ? -1 : 1;
  left = a[i + 1] as number;
  right = b[j + 1] as number;
  if (left !== right) return left < right ? -1 : 1;
  left = a[i + 2] as number;
  right = b[j + 2] as number;
  if (left !== right) return left < right ? -1 : 1;
  left = a[i + 3] as number;
  right = b[j + 3] as number;
  if (left !== right) return left < right ? -1 : 1;
  left = a[i + 5] as number;
  right = b[j + 5] as number;
  if (left !== right) return left < right ? -1 : 1;
  left = a[i + 6] as number;
  right = b[j + 6] as number;
  if (left !== right) return left < right ? -1 : 1;
  return (((a[i + 4] as number) >>> LAST_SHIFT) & LAST_MASK) - (((b[j + 4] as number) >>> LAST_SHIFT) & LAST_MASK);
}

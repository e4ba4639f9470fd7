import { compareKeys, WORDS } from './record';
import type { Scratch } from './scratch';

const DIGIT = 11;
const BUCKETS = 1 << DIGIT;
/** Runs of one radix value longer than this are many lines of few keys: sorted by comparison, never by insertion. */
const LONG_RUN = 24;

/**
 * A sorted copy in the scratch: by hash, then number, then everything else. All records share their first `bits` bits; the next 22 are
 * sorted by radix, which leaves next to nothing for comparisons.
 */
export function sortRecords(words: Uint32Array, bits: number, scratch: Scratch, name = 'sorted'): Uint32Array {
  const n = words.length / WORDS;
  const order = radix(words, n, bits, scratch);
  const key = (place: number): number => radixOf(words[(order[place] as number) * WORDS] as number, bits);
  for (let from = 0; from < n;) {
    let to = from + 1;
    while (to < n && key(to) === key(from)) to++;
    if (to - from > LONG_RUN) order.subarray(from, to).sort((a, b) => compare(words, a, b));
    else if (to - from > 1) insert(words, order, from, to);
    from = to;
  }
  const sorted = scratch.take(name, words.length);
  for (let place = 0; place < n; place++) {
    const from = (order[place] as number) * WORDS;
    const to = place * WORDS;
    for (let word = 0; word < WORDS; word++) sorted[to + word] = words[from + word] as number;
  }
  return sorted;
}

/** The 22 bits behind the first `bits`. */
const radixOf = (h0: number, bits: number): number => ((bits === 0 ? h0 : h0 << bits) >>> 10) & 0x3fffff;

function radix(words: Uint32Array, n: number, bits: number, scratch: Scratch): Uint32Array {
  let from = scratch.take('order', n);
  let to = scratch.take('order too', n);
  for (let place = 0; place < n; place++) from[place] = place;
  for (let pass = 0; pass < 2; pass++) {
    const shift = pass * DIGIT;
    const starts = new Uint32Array(BUCKETS + 1);
    for (let place = 0; place < n; place++) {
      const digit = (radixOf(words[place * WORDS] as number, bits) >>> shift) & (BUCKETS - 1);
      starts[digit + 1] = (starts[digit + 1] as number) + 1;
    }
    for (let digit = 0; digit < BUCKETS; digit++)
      starts[digit + 1] = (starts[digit + 1] as number) + (starts[digit] as number);
    for (let place = 0; place < n; place++) {
      const index = from[place] as number;
      const digit = (radixOf(words[index * WORDS] as number, bits) >>> shift) & (BUCKETS - 1);
      const at = starts[digit] as number;
      to[at] = index;
      starts[digit] = at + 1;
    }
    [from, to] = [to, from];
  }
  return from;
}

function compare(words: Uint32Array, a: number, b: number): number {
  const keys = compareKeys(words, a * WORDS, words, b * WORDS);
  if (keys !== 0) return keys;
  for (let word = 4; word < WORDS; word++) {
    const difference = (words[a * WORDS + word] as number) - (words[b * WORDS + word] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

function insert(words: Uint32Array, order: Uint32Array, from: number, to: number): void {
  for (let place = from + 1; place < to; place++) {
    const index = order[place] as number;
    let at = place;
    for (; at > from && compare(words, order[at - 1] as number, index) > 0; at--) order[at] = order[at - 1] as number;
    order[at] = index;
  }
}

/**
 * What the generator asks for, as a pure function of the running number: the checker computes it again and believes
 * nobody else about what was asked.
 */
export interface Order {
  reference: string;
  /** Place in the list of numbers. */
  subscriber: number;
  /** Fen: 10.00 to 500.00 yuan. */
  amount: number;
}

const LEAST = 1_000;
const MOST = 50_000;
const STEP = 100;

/** @param run a few letters and digits, different in each run: references live for 400 days */
export function orderOf(run: string, subscribers: number, n: number): Order {
  const amount = LEAST + (mixed(n) % ((MOST - LEAST) / STEP + 1)) * STEP;
  return { reference: referenceOf(run, n), subscriber: mixed(n ^ 0x5bd1e995) % subscribers, amount };
}

export const referenceOf = (run: string, n: number): string => `${run}-${n}`;

/** The running number inside a reference of this run, or undefined. */
export function numberOfReference(run: string, reference: string): number | undefined {
  const digits = reference.startsWith(`${run}-`) ? reference.slice(run.length + 1) : '';
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

/** Murmur's finaliser: neighbours in, strangers out. */
function mixed(n: number): number {
  let h = n >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

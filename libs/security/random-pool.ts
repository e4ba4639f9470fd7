import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4_096;
let pool = Buffer.alloc(0);
let used = 0;

/**
 * Random bytes from the system's generator, drawn a page at a time: asking it for a few bytes costs more than an HMAC.
 * For ids and nonces, which become public anyway; keys, tokens and codes draw their own.
 */
export function publicRandomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    pool = randomFillSync(Buffer.alloc(Math.max(POOL_BYTES, count))); // a new page: bytes handed out are never overwritten
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}

import { hash, timingSafeEqual } from 'node:crypto';
import { FieldSyntaxError, isInnerList, parseDictionary } from './structured-fields';

/** RFC 9530. Other algorithms in the field are ignored; at least one of these must be there and every one must match. */
const ALGORITHMS = { 'sha-256': 'sha256', 'sha-512': 'sha512' } as const;
export type DigestAlgorithm = keyof typeof ALGORITHMS;

/** `sha-256=:base64:` over the exact bytes that are sent. */
export function contentDigest(body: Buffer | string, algorithm: DigestAlgorithm = 'sha-256'): string {
  return `${algorithm}=:${hash(ALGORITHMS[algorithm], body, 'base64')}:`;
}

/** False for a malformed field, for no algorithm we know, and for a difference. */
export function digestMatches(field: string, body: Buffer | string): boolean {
  if (field === contentDigest(body)) return true; // as nearly everybody writes it
  try {
    let known = 0;
    for (const [name, member] of parseDictionary(field)) {
      if (!isAlgorithm(name)) continue;
      known++;
      if (isInnerList(member) || !Buffer.isBuffer(member.value)) return false;
      const ours = hash(ALGORITHMS[name], body, 'buffer');
      if (member.value.length !== ours.length || !timingSafeEqual(member.value, ours)) return false;
    }
    return known > 0;
  } catch (error) {
    if (error instanceof FieldSyntaxError) return false;
    throw error;
  }
}

const isAlgorithm = (name: string): name is DigestAlgorithm => Object.hasOwn(ALGORITHMS, name);

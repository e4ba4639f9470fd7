import { createHash, hash, timingSafeEqual, type Hash } from 'node:crypto';
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
  const running = new RunningDigest(field);
  running.update(body);
  return running.matches();
}

/** The same for a body that comes piece by piece. */
export class RunningDigest {
  /** null: malformed, it matches nothing. */
  private readonly claimed: { digest: Buffer; ours: Hash }[] | null;

  constructor(field: string) {
    this.claimed = claimedIn(field);
  }

  update(piece: Uint8Array | string): void {
    for (const { ours } of this.claimed ?? []) ours.update(piece);
  }

  /** Once, at the end. */
  matches(): boolean {
    const { claimed } = this;
    if (!claimed || claimed.length === 0) return false;
    return claimed.every(({ digest, ours }) => {
      const found = ours.digest();
      return digest.length === found.length && timingSafeEqual(digest, found);
    });
  }
}

function claimedIn(field: string): { digest: Buffer; ours: Hash }[] | null {
  try {
    const claimed: { digest: Buffer; ours: Hash }[] = [];
    for (const [name, member] of parseDictionary(field)) {
      if (!isAlgorithm(name)) continue;
      if (isInnerList(member) || !Buffer.isBuffer(member.value)) return null;
      claimed.push({ digest: member.value, ours: createHash(ALGORITHMS[name]) });
    }
    return claimed;
  } catch (error) {
    if (error instanceof FieldSyntaxError) return null;
    throw error;
  }
}

const isAlgorithm = (name: string): name is DigestAlgorithm => Object.hasOwn(ALGORITHMS, name);

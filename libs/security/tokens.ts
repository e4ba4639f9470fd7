import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** Opaque session token: 256 random bits. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** Tokens are stored only as this hash; 256 random bits need no salt. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** One-time code, uniform over all values of that length. */
export const newCode = (digits: number): string => String(randomInt(0, 10 ** digits)).padStart(digits, '0');

/** Equality whose time does not depend on where two texts differ. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

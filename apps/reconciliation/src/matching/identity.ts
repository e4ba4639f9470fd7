import { createHash } from 'node:crypto';

/** Length-prefixed parts, so that no two lists of parts ever give the same bytes. */
export function hashOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}

/** Stable across re-runs and replaced files: the same difference keeps its id, its history and its decisions. */
export function breakId(provider: string, date: string, kind: string, key: string, occurrence: number): string {
  return `brk_${hashOf('break', provider, date, kind, key, String(occurrence)).slice(0, 28)}`;
}

/** A statement line's id: what settlement's suspense is listed by. */
export function itemId(provider: string, date: string, kind: string, txnId: string, occurrence: number): string {
  return hashOf('item', provider, date, kind, txnId, String(occurrence)).slice(0, 40);
}

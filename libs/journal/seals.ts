import { isDuplicateKey, type Db } from '@yidian/database';
import { signedBy, type AnchorKey } from './anchor-key';
import { headsAt, latestAnchor, type Anchor } from './anchors.store';
import type { AnchoredHead } from './chain';
import { insertSeal, latestSeal, sealState, type Seal } from './seals.store';

/**
 * What is signed: an anchor with every lane as it stood then. Kept outside the house, it proves later that nothing before it
 * was rewritten, not even by somebody who computed every hash anew.
 */
export function sealText(
  service: string,
  anchor: Anchor,
  heads: readonly AnchoredHead[],
  notes: readonly string[],
): string {
  const { n, prev, hash, at } = anchor;
  return [
    `yidian-anchor-1|${service}`,
    `anchor|${n}|${prev.toString('hex')}|${hash.toString('hex')}|${at.toISOString()}`,
    ...[...heads]
      .sort((a, b) => a.laneId - b.laneId)
      .map((one) => `lane|${one.laneId}|${one.batchNo}|${one.head.toString('hex')}`),
    ...notes,
    '',
  ].join('\n');
}

/** The text of a seal as its rows give it now, and whether it is still the text that was signed. */
export function checkSeal(seal: Seal, anchor: Anchor, heads: readonly AnchoredHead[]): { text: string; ok: boolean } {
  const text = sealText(seal.service, anchor, heads, seal.notes);
  return { text, ok: signedBy(seal.publicKeyPem, text, seal.signature) };
}

const DAY_MS = 24 * 3_600_000;

/** A day has closed since the last seal, or a day has passed; and something has moved. */
export async function sealIsDue(db: Db): Promise<boolean> {
  const state = await sealState(db);
  if (state.anchor_n === null || state.anchor_n <= (state.sealed_n ?? 0n)) return false;
  const since = state.sealed_at?.getTime();
  if (since === undefined) return true;
  return (state.frozen_at?.getTime() ?? 0) > since || state.clock.getTime() - since >= DAY_MS;
}

/** Signs the latest anchor. Null when there is none yet. */
export async function sealLatest(
  db: Db,
  service: string,
  key: AnchorKey,
  notes: readonly string[] = [],
): Promise<Seal | null> {
  const anchor = await latestAnchor(db);
  if (!anchor) return null;
  const signature = key.sign(sealText(service, anchor, await headsAt(db, anchor.n), notes));
  const { keyId, publicKeyPem } = key;
  const seal: Seal = {
    n: anchor.n,
    service,
    keyId,
    publicKeyPem,
    signature,
    notes,
    sealedAt: (await sealState(db)).clock,
  };
  try {
    await insertSeal(db, seal);
    return seal;
  } catch (error) {
    if (isDuplicateKey(error)) return latestSeal(db); // another process signed it
    throw error;
  }
}

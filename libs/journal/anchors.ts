import { isDuplicateKey, type Db } from '@yidian/database';
import { insertAnchor, latestAnchor, movedHeads, type Anchor } from './anchors.store';
import { openAnchorKey, type AnchorKey } from './anchor-key';
import { anchorHash, ZERO_HASH } from './chain';
import { sealIsDue, sealLatest } from './seals';
import type { Seal } from './seals.store';

/** Each minute and at day close. Null when no lane has moved since the last one. */
export async function writeAnchor(db: Db): Promise<Anchor | null> {
  try {
    return await db.transaction(async (tx) => {
      const last = await latestAnchor(tx);
      const heads = await movedHeads(tx);
      if (heads.length === 0) return null;
      const n = (last?.n ?? 0n) + 1n;
      const prev = last?.hash ?? ZERO_HASH;
      const anchor = { n, prev, hash: anchorHash(prev, n, heads), at: new Date() };
      await insertAnchor(tx, anchor, heads);
      return anchor;
    });
  } catch (error) {
    // Another process wrote this one.
    if (isDuplicateKey(error)) return latestAnchor(db);
    throw error;
  }
}

export interface AnchorClock {
  stop(): void;
}

export interface AnchorClockOptions {
  service: string;
  /** Where the signing key lies, or is made. Without it anchors are kept and none leaves the house. */
  keyFile?: string | undefined;
  /** What else a signature shall cover; may take its time, anchors go on meanwhile. */
  notes?: () => Promise<readonly string[]>;
  onError: (error: unknown) => void;
  everyMs?: number;
}

/** Writes an anchor each minute, and signs one when a day has closed. A missed one is no loss: the next covers it. */
export async function keepAnchors(db: Db, options: AnchorClockOptions): Promise<AnchorClock> {
  const { service, keyFile, notes, onError, everyMs = 60_000 } = options;
  const key = keyFile === undefined ? undefined : await openAnchorKey(keyFile);
  let sealing = false;
  const tick = async () => {
    await writeAnchor(db);
    if (!key || sealing) return;
    sealing = true;
    try {
      await sealWhenDue(db, service, key, notes);
    } finally {
      sealing = false;
    }
  };
  const timer = setInterval(() => void tick().catch(onError), everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Derived from rows, so that a day whose close fell into a restart is signed all the same. */
export async function sealWhenDue(
  db: Db,
  service: string,
  key: AnchorKey,
  notes?: AnchorClockOptions['notes'],
): Promise<Seal | null> {
  if (!(await sealIsDue(db))) return null;
  const covered = (await notes?.()) ?? [];
  await writeAnchor(db);
  return sealLatest(db, service, key, covered);
}

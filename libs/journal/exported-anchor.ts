import type { Db } from '@yidian/database';
import { anchorKeyId, signedBy } from './anchor-key';
import { anchorAt, headsAt, latestAnchor, type Anchor } from './anchors.store';
import type { AnchoredHead } from './chain';
import { checkSeal } from './seals';
import { latestSeal } from './seals.store';
import { hashOfBatch, laneEnds } from './verify.store';

/** A signed anchor as it leaves the house: enough to check everything before it without trusting the database. */
export interface ExportedAnchor {
  service: string;
  text: string;
  keyId: string;
  publicKeyPem: string;
  /** Base64. */
  signature: string;
}

/** The last one that was signed; null when none was. @throws when the rows no longer say what was signed */
export async function exportSeal(db: Db): Promise<ExportedAnchor | null> {
  const seal = await latestSeal(db);
  const anchor = seal && (await anchorAt(db, seal.n));
  if (!seal || !anchor) return null;
  const { text, ok } = checkSeal(seal, anchor, await headsAt(db, anchor.n));
  if (!ok) throw new Error(`anchor ${anchor.n} is not what ${seal.keyId} signed`);
  const { service, keyId, publicKeyPem, signature } = seal;
  return { service, text, keyId, publicKeyPem, signature: signature.toString('base64') };
}

/** What a sealed text says. */
export interface SealedText {
  service: string;
  anchor: Anchor;
  lanes: AnchoredHead[];
  notes: string[];
}

/** @throws Error when it is not a sealed text */
export function readSealText(text: string): SealedText {
  const [first = '', second = '', ...rest] = text.trimEnd().split('\n');
  const [format, service] = first.split('|');
  const [word, n, prev, hash, at] = second.split('|');
  if (format !== 'yidian-anchor-1' || !service || word !== 'anchor' || !at) throw new Error('this is no signed anchor');
  const isLane = (line: string): boolean => line.startsWith('lane|');
  return {
    service,
    anchor: { n: BigInt(n ?? ''), prev: bytes(prev), hash: bytes(hash), at: new Date(at) },
    lanes: rest.filter(isLane).map((line) => {
      const [, laneId, batchNo, head] = line.split('|');
      return { laneId: Number(laneId), batchNo: BigInt(batchNo ?? ''), head: bytes(head) };
    }),
    notes: rest.filter((line) => !isLane(line)),
  };
}

const bytes = (hex: string | undefined): Buffer => Buffer.from(hex ?? '', 'hex');

export interface Comparison {
  /** What differs; none: everything up to the anchor is as it was handed out, provided the chains verify. */
  findings: string[];
  sealed: SealedText;
  /** What no anchor outside the house covers yet. */
  tail: { anchors: bigint; batches: bigint; lanes: number };
}

/** Compares rows with an anchor kept outside. @param publicKeyPem the key one trusts, from elsewhere than the export */
export async function compareWithExported(
  db: Db,
  exported: ExportedAnchor,
  publicKeyPem: string = exported.publicKeyPem,
): Promise<Comparison> {
  const findings: string[] = [];
  if (!signedBy(publicKeyPem, exported.text, Buffer.from(exported.signature, 'base64')))
    findings.push(`the exported anchor is not signed by ${anchorKeyId(publicKeyPem)}`);
  const sealed = readSealText(exported.text);
  const { n, prev, hash } = sealed.anchor;
  const stored = await anchorAt(db, n);
  if (!stored) findings.push(`anchor ${n} is not there`);
  else if (!stored.hash.equals(hash) || !stored.prev.equals(prev)) findings.push(`anchor ${n} is another one`);
  for (const { laneId, batchNo, head } of sealed.lanes) {
    const now = await hashOfBatch(db, laneId, batchNo);
    if (!now) findings.push(`lane ${laneId}, batch ${batchNo}: it is not there`);
    else if (!now.equals(head)) findings.push(`lane ${laneId}, batch ${batchNo}: it is not the one that was anchored`);
  }
  return { findings, sealed, tail: await tailSince(db, sealed) };
}

async function tailSince(db: Db, { anchor, lanes }: SealedText): Promise<Comparison['tail']> {
  const then = new Map(lanes.map((lane) => [lane.laneId, lane.batchNo]));
  const grown = (await laneEnds(db))
    .map((lane) => lane.batchNo - (then.get(lane.laneId) ?? 0n))
    .filter((batches) => batches > 0n);
  const anchors = ((await latestAnchor(db))?.n ?? 0n) - anchor.n;
  return { anchors, batches: grown.reduce((sum, batches) => sum + batches, 0n), lanes: grown.length };
}

import { createHash } from 'node:crypto';
import type { PartResult } from './engine-worker';

/** The plain groups of a run, as sealed parts, and what they come to. */
export interface PlainPart {
  count: number;
  amount: bigint;
  fees: bigint;
  quotes: bigint;
  unquoted: { count: number; fees: bigint };
  /** Over the matched lines in the order of their hashes; no file order, partition, thread or time is in it. */
  digest: string;
  bits: number;
  parts: PartResult[];
  /** Code → `channel\tpartner`. */
  names: [number, string][];
}

export interface PlainCount {
  branch: string;
  channel: string;
  n: number;
}

/** @param parts in the order of their partitions: that is the order of the hashes, which the digest is over */
export function plainOf(parts: PartResult[], bits: number, names: PlainPart['names']): PlainPart {
  const digest = createHash('sha256');
  const sum = (of: (part: PartResult) => number | string) =>
    parts.reduce((total, part) => total + BigInt(of(part)), 0n);
  for (const [piece, sha256] of parts.flatMap((part) => part.pieces)) digest.update(`${piece} ${sha256}\n`);
  return {
    count: Number(sum((part) => part.n)),
    amount: sum((part) => part.amount),
    fees: sum((part) => part.fees),
    quotes: sum((part) => part.quotes),
    unquoted: { count: Number(sum((part) => part.unquoted.count)), fees: sum((part) => part.unquoted.fees) },
    digest: digest.digest('hex'),
    bits,
    parts,
    names,
  };
}

/** How many plain lines each home branch has by each channel. */
export function countsOf({ parts, names }: Pick<PlainPart, 'parts' | 'names'>): PlainCount[] {
  const channels = new Map(names.map(([code, name]) => [code, name.slice(0, name.indexOf('\t'))]));
  const counts = new Map<string, PlainCount>();
  for (const [number, code, n] of parts.flatMap((part) => part.counts)) {
    const branch = number === 0 ? '' : String(number).padStart(6, '0');
    const channel = channels.get(code) ?? '';
    const name = `${branch} ${channel}`;
    counts.set(name, { branch, channel, n: n + (counts.get(name)?.n ?? 0) });
  }
  return [...counts.values()];
}

import type { NumberingRow } from '@yidian/contracts';
import { Findings } from './file-rows';

interface Known {
  branch: string;
  carrier: number;
  place: string;
  /** Digits that the file gave: a longer prefix is more exact than the block that a shorter one stands for. */
  exactness: number;
}

const SHORTEST_STORED = 7;

/** Prefixes of one file: shorter ones spread into blocks of ten thousand numbers, and what is said twice is noticed. */
export class SegmentMap {
  private readonly known = new Map<string, Known>();

  constructor(private readonly findings: Findings) {}

  /** The prefixes of equal length from `first` to `last`. */
  add(first: string, last: string, branch: string, carrier: number, place: string): void {
    const [from, to] = [BigInt(first), BigInt(last)];
    for (let prefix = from; prefix <= to; prefix++)
      for (const stored of spread(String(prefix)))
        this.put(stored, { branch, carrier, place, exactness: first.length });
  }

  rows(): NumberingRow[] {
    return [...this.known]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([prefix, { branch, carrier }]) => [prefix, branch, carrier, null, null]);
  }

  private put(prefix: string, next: Known): void {
    const before = this.known.get(prefix);
    if (!before || before.exactness < next.exactness) this.known.set(prefix, next);
    else if (before.exactness === next.exactness) this.twice(prefix, before, next);
  }

  private twice(prefix: string, before: Known, next: Known): void {
    if (before.branch === next.branch && before.carrier === next.carrier)
      this.findings.bad(next.place, `says of ${prefix} again what ${before.place} says`);
    else this.findings.contradiction(before.place, next.place, `${prefix} to ${before.branch} and ${next.branch}`);
  }
}

function spread(prefix: string): string[] {
  if (prefix.length >= SHORTEST_STORED) return [prefix];
  const missing = SHORTEST_STORED - prefix.length;
  return Array.from({ length: 10 ** missing }, (_, n) => prefix + String(n).padStart(missing, '0'));
}

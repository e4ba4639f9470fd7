import type { Incoming } from './incoming';

interface Group {
  parts: Map<number, Buffer>;
  total: number;
  until: number;
}

export interface Bounds {
  /** Messages that wait for parts at the same time. */
  groups: number;
  waitMs: number;
}

/**
 * Puts long messages together in memory. Bounded: the oldest unfinished message goes when there are too many, and each when
 * its time is over, so that parts which never come fill nothing.
 */
export class Reassembly {
  private readonly waiting = new Map<string, Group>();

  constructor(private readonly bounds: Bounds = { groups: 1_000, waitMs: 5 * 60_000 }) {}

  get size(): number {
    return this.waiting.size;
  }

  /** @returns all octets once the last part is there; a message that is whole at once */
  add(message: Incoming, now = Date.now()): Buffer | null {
    const { concat, octets } = message;
    if (!concat || concat.total === 1) return octets;
    this.forget(now);
    const key = groupKey(message);
    const group = this.waiting.get(key) ?? { parts: new Map(), total: concat.total, until: now + this.bounds.waitMs };
    this.waiting.set(key, group);
    if (!group.parts.has(concat.part)) group.parts.set(concat.part, Buffer.from(octets));
    if (group.parts.size < group.total) return null;
    this.waiting.delete(key);
    return joinParts(group.parts);
  }

  private forget(now: number): void {
    for (const [key, { until }] of this.waiting) {
      if (until > now && this.waiting.size < this.bounds.groups) return;
      this.waiting.delete(key);
    }
  }
}

/** Parts of one message have all this in common. */
export function groupKey({ from, to, dataCoding, concat }: Incoming): string {
  return [from, to, dataCoding, concat?.reference ?? '', concat?.total ?? ''].join('|');
}

export function joinParts(parts: ReadonlyMap<number, Buffer>): Buffer {
  return Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, octets]) => octets));
}

import { Inject, Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor } from '@yidian/http';
import type { GatewayConfig } from '../gateway.config';
import type { EventView, Origin, Page } from '../payments/payment.schema';
import { CONFIG } from '../platform';
import { eventView } from './event.view';
import { EventsStore, type LaneHead, type StoredEvent } from './events.store';

interface Place {
  batchNo: bigint;
  n: number;
}

/** Where a reader stands: lanes below `from` are read to their end for ever; of the others, how far. */
interface Cursor {
  from: number;
  at: Map<number, Place>;
}

/**
 * The events of a partner, to pull. The cursor is a position per lane, not a time: nothing that is committed later can
 * lie behind it. A page that is empty keeps its cursor; ask again with it.
 */
@Injectable()
export class ListEvents {
  constructor(
    private readonly store: EventsStore,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async execute(origin: Origin, query: { limit: number; cursor?: string }): Promise<Page<EventView>> {
    const cursor = query.cursor === undefined ? { from: 1, at: new Map<number, Place>() } : read(query.cursor);
    const heads = await this.store.heads(cursor.from);
    const events: StoredEvent[] = [];
    const drained = new Set<number>();
    for (const head of heads) {
      const left = query.limit - events.length;
      if (left === 0) break;
      const at = cursor.at.get(head.lane_id) ?? { batchNo: 0n, n: -1 };
      const found = await this.store.after(origin.partner, { laneId: head.lane_id, ...at }, left);
      const last = found.at(-1);
      if (last) cursor.at.set(head.lane_id, { batchNo: last.batch_no, n: last.n });
      if (found.length < left) drained.add(head.lane_id);
      events.push(...found);
    }
    const next = advance(cursor, heads, drained);
    const data = events.map((event) => eventView(event, this.config.livemode));
    return { data, has_more: events.length === query.limit, next_cursor: write(next) };
  }
}

/** Closed lanes that are read to their end never grow again: they leave the cursor. Lanes are opened in the order of their numbers. */
function advance(cursor: Cursor, heads: readonly LaneHead[], drained: ReadonlySet<number>): Cursor {
  let { from } = cursor;
  for (const head of heads) {
    if (head.state !== 'closed' || !drained.has(head.lane_id)) break;
    from = head.lane_id + 1;
  }
  return { from, at: new Map([...cursor.at].filter(([laneId]) => laneId >= from)) };
}

function write({ from, at }: Cursor): string {
  const lanes = [...at].map(([laneId, { batchNo, n }]) => `${laneId}.${batchNo}.${n}`);
  return encodeCursor({ f: String(from), p: lanes.join(',') });
}

function read(text: string): Cursor {
  const { f, p } = decodeCursor(text, ['f', 'p']);
  const at = new Map<number, Place>();
  for (const lane of p.split(',').filter((part) => /^\d+\.\d+\.-?\d+$/.test(part))) {
    const [laneId = '0', batchNo = '0', n = '0'] = lane.split('.');
    at.set(Number.parseInt(laneId, 10), { batchNo: BigInt(batchNo), n: Number.parseInt(n, 10) });
  }
  return { from: Number.parseInt(f, 10) || 1, at };
}

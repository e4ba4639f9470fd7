import { Injectable } from '@nestjs/common';
import type { BreaksReply, breaksList } from '@yidian/contracts';
import type { z } from 'zod';
import type { BreakState } from './break.states';
import { BreaksStore, type BreakFilter } from './breaks.store';
import { toView } from './view-break';

type Query = z.output<typeof breaksList>;

/** `open` is what is not at its end: resolving belongs to it until its door has answered. */
const STATES: Readonly<Record<Query['state'], readonly BreakState[] | null>> = {
  open: ['open'],
  proposed: ['proposed'],
  resolved: ['resolving', 'resolved'],
  suspense: ['suspense'],
  any: null,
};

@Injectable()
export class ListBreaks {
  constructor(private readonly breaks: BreaksStore) {}

  async execute(query: Query): Promise<BreaksReply> {
    const { date, provider, class: cls, branch, owner, limit } = query;
    const states = STATES[query.state];
    const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
    const filter: BreakFilter = { limit: limit + 1 };
    Object.assign(filter, { date, provider, class: cls, branch, owner, after }, states ? { states } : {});
    const rows = await this.breaks.list(filter);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      data: page.map(toView),
      nextCursor: rows.length > limit && last ? `${last.date}.${last.id}` : null,
    };
  }
}

/** A cursor that is none begins at the front. */
function readCursor(cursor: string): { date: string; id: string } | undefined {
  const [, date, id] = /^(\d{4}-\d{2}-\d{2})\.(\S{1,40})$/.exec(cursor) ?? [];
  return date !== undefined && id !== undefined ? { date, id } : undefined;
}

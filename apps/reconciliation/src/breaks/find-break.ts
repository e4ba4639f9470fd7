import { Injectable } from '@nestjs/common';
import type { BreakEvent, BreakView } from '@yidian/contracts';
import { BreaksStore } from './breaks.store';
import { toView } from './view-break';

/** One break; for an operator of a branch only that branch's. */
@Injectable()
export class FindBreak {
  constructor(private readonly breaks: BreaksStore) {}

  async execute(id: string, branch?: string): Promise<BreakView | null> {
    const row = await this.breaks.get(id);
    return row && (branch === undefined || row.branch === branch) ? toView(row) : null;
  }

  /** What happened to it, oldest first; nothing for an operator of another branch. */
  async history(id: string, branch?: string): Promise<BreakEvent[]> {
    if (!(await this.execute(id, branch))) return [];
    return (await this.breaks.events(id)).map(({ at, ...event }) => ({ ...event, at: at.toISOString() }));
  }
}

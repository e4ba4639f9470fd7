import { Injectable } from '@nestjs/common';
import type { BreakView } from '@yidian/contracts';
import { toView } from './break';
import { BreaksStore } from './breaks.store';

/** One break; for an operator of a branch only that branch's. */
@Injectable()
export class FindBreak {
  constructor(private readonly breaks: BreaksStore) {}

  async execute(id: string, branch?: string): Promise<BreakView | null> {
    const row = await this.breaks.get(id);
    return row && (branch === undefined || row.branch === branch) ? toView(row) : null;
  }
}

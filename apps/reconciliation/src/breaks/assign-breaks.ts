import { Injectable } from '@nestjs/common';
import type { BreakDecision, breaksAssign } from '@yidian/contracts';
import type { z } from 'zod';
import { WriteAudit } from '../audit/write-audit';
import { BreaksStore } from './breaks.store';
import { whoBy } from './propose-resolution';

type Item = z.output<typeof breaksAssign>['items'][number];

/** Who looks after a break, and until when. Taking one says nothing about its money; anybody of finance may. */
@Injectable()
export class AssignBreaks {
  constructor(
    private readonly breaks: BreaksStore,
    private readonly audit: WriteAudit,
  ) {}

  async execute(items: readonly Item[], actor: string): Promise<BreakDecision[]> {
    const decisions: BreakDecision[] = [];
    for (const item of items) decisions.push(await this.one(item, actor));
    return decisions;
  }

  private async one({ id, version, owner, dueOn }: Item, actor: string): Promise<BreakDecision> {
    const row = await this.breaks.get(id);
    if (!row) return { id, outcome: 'not_found' };
    if (row.version !== version) return { id, outcome: 'changed', ...(row.owner ? { by: row.owner } : whoBy(row)) };
    if (row.state === 'resolved') return { id, outcome: 'state_conflict' };
    const due = dueOn ?? row.due_on;
    const assigned = await this.breaks.transaction((tx) => this.breaks.assign(tx, row, { owner, due, actor }));
    if (!assigned) return { id, outcome: 'changed' };
    const named = (who: string, until: string | null) => ({ owner: who, due_on: until });
    await this.audit.execute({
      ...{ actor, action: 'break_assigned', object: id },
      ...{ before: named(row.owner, row.due_on), after: named(owner, due) },
    });
    return { id, outcome: 'ok' };
  }
}

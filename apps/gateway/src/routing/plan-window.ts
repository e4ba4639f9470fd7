import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { newId } from '@yidian/http';
import { Providers } from '../providers/providers';
import { Maintenance } from './maintenance';
import { WindowsStore, type WindowRow } from './windows.store';

const LONGEST_MS = 7 * 24 * 3_600_000;

/** Plans when a provider is away, and ends that early. Windows of one provider never overlap. */
@Injectable()
export class PlanWindow {
  constructor(
    private readonly store: WindowsStore,
    private readonly maintenance: Maintenance,
    private readonly providers: Providers,
  ) {}

  /** @throws Problem provider_unknown, field_invalid for no time, a past one or too long a one, state_conflict on overlap */
  async plan(wanted: { provider: string; from: Date; until: Date; note: string }, actor: string): Promise<WindowRow> {
    const { provider, from, until, note } = wanted;
    this.providers.get(provider);
    const now = new Date();
    const length = until.getTime() - from.getTime();
    if (length <= 0 || length > LONGEST_MS || until <= now)
      throw new Problem('field_invalid', {
        detail: 'A window ends after it begins, in the future, within seven days.',
      });
    const row: WindowRow = {
      ...{ id: newId('mnt'), provider, from_at: from, until_at: until, note },
      ...{ planned_by: actor, planned_at: now, ended_by: null, ended_at: null },
    };
    if (!(await this.store.plan(row)))
      throw new Problem('state_conflict', { detail: 'It overlaps another window of this provider.' });
    await this.maintenance.refresh();
    return row;
  }

  /** @throws Problem not_found, state_conflict when it is over already */
  async end(id: string, actor: string): Promise<WindowRow> {
    if (!(await this.store.find(id))) throw new Problem('not_found');
    if (!(await this.store.end(id, actor, new Date()))) throw new Problem('state_conflict');
    await this.maintenance.refresh();
    const row = await this.store.find(id);
    if (!row) throw new Problem('not_found');
    return row;
  }
}

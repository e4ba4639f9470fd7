import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import type { Db } from '@yidian/database';
import { DB } from '../platform';
import { Providers } from '../providers/providers';
import type { RoutingRule } from './route';
import { Routes } from './routes';
import { RoutingStore, type VersionRow } from './routing.store';

export type NewRule = Omit<RoutingRule, 'version' | 'n'>;

/** Versions of all rules together: proposed by one person, in force once another has approved them, never changed. */
@Injectable()
export class DecideRules {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly store: RoutingStore,
    private readonly routes: Routes,
    private readonly providers: Providers,
  ) {}

  /** @throws Problem provider_unknown when a rule names nobody we know */
  async propose(rules: readonly NewRule[], validFrom: Date, reason: string, actor: string): Promise<number> {
    for (const rule of rules) for (const { provider } of rule.providers) this.providers.get(provider);
    const row: Omit<VersionRow, 'version'> = {
      ...{ state: 'proposed', valid_from: validFrom, in_force_from: null, reason },
      ...{ proposed_by: actor, proposed_at: new Date() },
      ...{ decided_by: null, decided_at: null, decision_reason: null },
    };
    return this.db.transaction((tx) =>
      this.store.propose(
        tx,
        row,
        rules.map((rule) => ({ ...rule, version: 0, n: 0 })),
      ),
    );
  }

  /**
   * An approved version counts from its date on, never backwards from its approval.
   * @throws Problem not_found, state_conflict when it is decided, own_proposal
   */
  async decide(version: number, verdict: 'approve' | 'reject', reason: string, actor: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const row = await this.store.lock(tx, version);
      if (!row) throw new Problem('not_found');
      if (row.state !== 'proposed') throw new Problem('state_conflict');
      if (row.proposed_by === actor) throw new Problem('own_proposal');
      const now = new Date();
      const approved = verdict === 'approve';
      const inForce = approved ? new Date(Math.max(row.valid_from.getTime(), now.getTime())) : null;
      await this.store.decide(tx, {
        ...row,
        ...{ state: approved ? 'approved' : 'rejected', in_force_from: inForce },
        ...{ decided_by: actor, decided_at: now, decision_reason: reason },
      });
    });
    await this.routes.refresh();
  }
}

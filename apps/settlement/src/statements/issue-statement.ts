import { Inject, Injectable } from '@nestjs/common';
import type { PartyStatementsReply, PartyStatementVersion } from '@yidian/contracts';
import type { Db } from '@yidian/database';
import { Problem } from '@yidian/errors';
import { shanghaiDate } from '../calendar/working-days';
import { Directory, nameOf } from '../parties/directory';
import { Treasury } from '../payouts/treasury';
import { PositionsStore, type DailyLeg } from '../positions/positions.store';
import { DB } from '../resources/tokens';
import { daysOf, digestOf, rowsOf, stateOn, totalsOf, type StatementBody } from './party-statement';
import { PartyStatementsStore, type StatementsWanted } from './party-statements.store';

const EVER = '1970-01-01';

/**
 * Promise: what a party is told of its period is stored as told. The same figures again are the same version; other figures
 * are the next version, which has its own window and takes the place of the old one, confirmed or not.
 */
@Injectable()
export class IssueStatement {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly statements: PartyStatementsStore,
    private readonly positions: PositionsStore,
    private readonly directory: Directory,
    private readonly treasury: Treasury,
  ) {}

  /** @throws Problem field_invalid for a period that is none */
  async execute(party: string, period: string, actor: string, now = new Date()): Promise<PartyStatementVersion> {
    const body = await this.bodyOf(party, period);
    const digest = digestOf(party, period, body);
    const today = shanghaiDate(now);
    await this.db.transaction(async (tx) => {
      const latest = await this.statements.latest(party, period, tx);
      if (latest?.digest === digest) return;
      if (latest) await this.statements.move(tx, latest, 'superseded', latest.decidedBy, latest.reason);
      await this.statements.add(tx, {
        ...{ party, period, version: (latest?.version ?? 0) + 1, state: 'issued', digest, issuedBy: actor },
        windowEnds: this.treasury.days.after(today, this.treasury.profile.disputeWorkingDays),
        ...{ decidedBy: '', reason: '' },
        ...body,
      });
    });
    return this.current(party, period, now);
  }

  /** @throws Problem not_found, state_conflict (decided, superseded, or the window is over) */
  async decide(
    { party, period, version }: Pick<PartyStatementVersion, 'party' | 'period' | 'version'>,
    decision: 'confirm' | 'dispute',
    reason: string,
    actor: string,
    now = new Date(),
  ): Promise<PartyStatementVersion> {
    const to = decision === 'confirm' ? ('confirmed' as const) : ('disputed' as const);
    await this.db.transaction(async (tx) => {
      const latest = await this.statements.latest(party, period, tx);
      if (!latest) throw new Problem('not_found');
      if (latest.version !== version)
        throw new Problem('state_conflict', { detail: 'a newer version has taken its place' });
      if (latest.state === to) return;
      // A dispute that is settled by talking ends in a confirmation; a confirmation is final.
      const open = stateOn(latest.state, latest.windowEnds, shanghaiDate(now));
      if (open !== 'issued' && !(open === 'disputed' && to === 'confirmed'))
        throw new Problem('state_conflict', { detail: `the statement is ${open}` });
      await this.statements.move(tx, latest, to, actor, reason);
    });
    return this.current(party, period, now);
  }

  /** As it stands today. @throws Problem not_found */
  async current(party: string, period: string, now = new Date()): Promise<PartyStatementVersion> {
    const latest = await this.statements.latest(party, period);
    if (!latest) throw new Problem('not_found');
    return { ...latest, state: stateOn(latest.state, latest.windowEnds, shanghaiDate(now)) };
  }

  /** One version, or the latest; null when none was issued. */
  async find(party: string, period: string, version: number | undefined, now = new Date()) {
    const found =
      version === undefined
        ? await this.statements.latest(party, period)
        : await this.statements.find(party, period, version);
    return found && { ...found, state: stateOn(found.state, found.windowEnds, shanghaiDate(now)) };
  }

  /** Latest versions as they stand today, a page of them, newest period first. */
  async list(wanted: StatementsWanted, now = new Date()): Promise<PartyStatementsReply> {
    const today = shanghaiDate(now);
    const found = await this.statements.list({ ...wanted, limit: wanted.limit + 1 }, today);
    const statements = found
      .slice(0, wanted.limit)
      .map((one) => ({ ...one, state: stateOn(one.state, one.windowEnds, today) }));
    return { statements, more: found.length > wanted.limit };
  }

  private async bodyOf(party: string, period: string): Promise<StatementBody> {
    const days = periodDays(period);
    const all: DailyLeg[] = await this.positions.daily(EVER, days.to);
    const names = await this.directory.names();
    const within = all.filter(({ day }) => day >= days.from);
    const earlier = all.filter(({ day }) => day < days.from);
    return {
      ...nameOf(names, names.branches.has(party) ? 'branch' : 'provider', party),
      totals: totalsOf(party, earlier, within),
      rows: rowsOf(party, within),
    };
  }
}

function periodDays(period: string): { from: string; to: string } {
  try {
    return daysOf(period);
  } catch {
    throw new Problem('field_invalid', { detail: 'period: no such date or month' });
  }
}

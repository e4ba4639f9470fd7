import { Inject, Injectable } from '@nestjs/common';
import type { BreakClass, RuleLimitsView, RuleVersion } from '@yidian/contracts';
import type { Db, Row } from '@yidian/database';
import { DB } from '../reconciliation.config';
import type { RuleUse } from './auto-rules';
import { limitsOf, type RuleLimits } from './rule-limits';

interface RuleRow extends Row {
  id: string;
  class: BreakClass;
  valid_from: string;
  limits: string;
  reason: string;
  state: RuleVersion['state'];
  proposed_by: string;
  proposed_at: Date;
  decided_by: string | null;
  decided_at: Date | null;
}

/** Versions of rules. One is never changed: what was in force on a date can be told for ever. */
@Injectable()
export class RulesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async propose(rule: Omit<RuleVersion, 'state' | 'proposedAt' | 'decidedBy' | 'decidedAt'>): Promise<void> {
    await this.db.run(
      `INSERT INTO auto_rule (id, class, valid_from, limits, reason, state, proposed_by, proposed_at)
       VALUES (?, ?, ?, ?, ?, 'proposed', ?, NOW(3))`,
      [rule.id, rule.class, rule.validFrom, JSON.stringify(rule.limits), rule.reason, rule.proposedBy],
    );
  }

  /** False: somebody was there first. */
  async decide(id: string, state: 'approved' | 'rejected', actor: string): Promise<boolean> {
    const decided = await this.db.run(
      `UPDATE auto_rule SET state = ?, decided_by = ?, decided_at = NOW(3)
       WHERE id = ? AND state = 'proposed' AND proposed_by <> ?`,
      [state, actor, id, actor],
    );
    return decided === 1;
  }

  async get(id: string): Promise<RuleVersion | null> {
    const [row] = await this.db.select<RuleRow>('SELECT * FROM auto_rule WHERE id = ?', [id]);
    return row ? toVersion(row) : null;
  }

  async latest(): Promise<RuleVersion[]> {
    const rows = await this.db.select<RuleRow>('SELECT * FROM auto_rule ORDER BY proposed_at DESC, id LIMIT 200');
    return rows.map(toVersion);
  }

  /** Of each class the version with the latest date not after this one; of one date the one approved last. */
  async inForce(date: string): Promise<Map<BreakClass, RuleVersion>> {
    const rows = await this.db.select<RuleRow>(
      `SELECT * FROM auto_rule WHERE state = 'approved' AND valid_from <= ? ORDER BY valid_from, decided_at, id`,
      [date],
    );
    return new Map(rows.map((row) => [row.class, toVersion(row)]));
  }

  async limits(date: string): Promise<Map<BreakClass, RuleLimits>> {
    return new Map([...(await this.inForce(date))].map(([cls, version]) => [cls, limitsOf(version.limits)]));
  }

  /** What rules have taken up of this provider and date, whatever became of it. */
  async used(provider: string, date: string): Promise<Map<BreakClass, RuleUse>> {
    const rows = await this.db.select<{ class: BreakClass; n: bigint; amount: string }>(
      `SELECT b.class, COUNT(*) AS n, CAST(SUM(ABS(b.at_stake)) AS CHAR) AS amount
       FROM resolution r JOIN recon_break b ON b.id = r.break_id
       WHERE r.provider = ? AND r.date = ? AND r.by_rule = 1 GROUP BY b.class`,
      [provider, date],
    );
    return new Map(rows.map((row) => [row.class, { count: Number(row.n), amount: BigInt(row.amount) }]));
  }
}

function toVersion(row: RuleRow): RuleVersion {
  return {
    id: row.id,
    class: row.class,
    validFrom: row.valid_from,
    limits: JSON.parse(row.limits) as RuleLimitsView,
    reason: row.reason,
    state: row.state,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at.toISOString(),
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
  };
}

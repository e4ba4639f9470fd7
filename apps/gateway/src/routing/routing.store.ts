import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../platform';
import type { DecisionRow, RoutingRule } from './route';

export interface VersionRow extends Record<string, unknown> {
  version: number;
  state: 'proposed' | 'approved' | 'rejected';
  valid_from: Date;
  in_force_from: Date | null;
  reason: string;
  proposed_by: string;
  proposed_at: Date;
  decided_by: string | null;
  decided_at: Date | null;
  decision_reason: string | null;
}

interface RuleRow {
  version: number;
  n: number;
  method: string;
  branch: string;
  amount_from: bigint | null;
  amount_to: bigint | null;
  choose_by: RoutingRule['chooseBy'];
  least_success_ppm: number;
}
interface CandidateRow {
  version: number;
  n: number;
  provider: string;
  fee_ppm: number | null;
  fee_fixed: bigint | null;
}

@Injectable()
export class RoutingStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** The approved version with the latest date that has come; of two the later approved one. */
  async inForce(at: Date): Promise<number | null> {
    const sql = `SELECT version FROM routing_version WHERE state = 'approved' AND in_force_from <= ?
      ORDER BY in_force_from DESC, version DESC LIMIT 1`;
    return (await this.db.select<{ version: number }>(sql, [at]))[0]?.version ?? null;
  }

  async versions(limit: number): Promise<VersionRow[]> {
    return this.db.select<VersionRow>('SELECT * FROM routing_version ORDER BY version DESC LIMIT ?', [limit]);
  }

  async rules(versions: readonly number[]): Promise<RoutingRule[]> {
    if (versions.length === 0) return [];
    const rules = await this.db.select('SELECT * FROM routing_rule WHERE version IN (?) ORDER BY version, n', [
      versions,
    ]);
    const places = await this.db.select(
      'SELECT * FROM routing_candidate WHERE version IN (?) ORDER BY version, n, place',
      [versions],
    );
    const candidates = places as unknown as CandidateRow[];
    return (rules as unknown as RuleRow[]).map((row) => ({
      ...{ version: row.version, n: row.n, method: row.method, branch: row.branch },
      ...{ amountFrom: row.amount_from, amountTo: row.amount_to },
      ...{ chooseBy: row.choose_by, leastSuccessPpm: row.least_success_ppm },
      providers: candidates
        .filter((one) => one.version === row.version && one.n === row.n)
        .map(({ provider, fee_ppm: feePpm, fee_fixed: feeFixed }) => ({ provider, feePpm, feeFixed })),
    }));
  }

  /** Two proposals at once take two numbers: the greatest is held until the other is written. */
  async propose(tx: Queryable, row: Omit<VersionRow, 'version'>, rules: readonly RoutingRule[]): Promise<number> {
    const [last] = await tx.select<{ version: number }>(
      'SELECT version FROM routing_version ORDER BY version DESC LIMIT 1 FOR UPDATE',
    );
    const version = (last?.version ?? 0) + 1;
    const columns = { version, ...row };
    await tx.run(`INSERT INTO routing_version (${Object.keys(columns).join(', ')}) VALUES (?)`, [
      Object.values(columns),
    ]);
    for (const [index, rule] of rules.entries()) await this.addRule(tx, { ...rule, version, n: index + 1 });
    return version;
  }

  private async addRule(tx: Queryable, rule: RoutingRule): Promise<void> {
    const { version, n, method, branch, amountFrom, amountTo, chooseBy, leastSuccessPpm, providers } = rule;
    await tx.run(
      `INSERT INTO routing_rule (version, n, method, branch, amount_from, amount_to, choose_by, least_success_ppm) VALUES (?)`,
      [[version, n, method, branch, amountFrom, amountTo, chooseBy, leastSuccessPpm]],
    );
    const places = providers.map((one, place) => [version, n, place, one.provider, one.feePpm, one.feeFixed]);
    await tx.run('INSERT INTO routing_candidate (version, n, place, provider, fee_ppm, fee_fixed) VALUES ?', [places]);
  }

  async lock(tx: Queryable, version: number): Promise<VersionRow | undefined> {
    return (await tx.select<VersionRow>('SELECT * FROM routing_version WHERE version = ? FOR UPDATE', [version]))[0];
  }

  async decide(tx: Queryable, row: VersionRow): Promise<void> {
    await tx.run(
      `UPDATE routing_version SET state = ?, in_force_from = ?, decided_by = ?, decided_at = ?, decision_reason = ?
        WHERE version = ? AND state = 'proposed'`,
      [row.state, row.in_force_from, row.decided_by, row.decided_at, row.decision_reason, row.version],
    );
  }

  async decisionsOf(payments: readonly string[]): Promise<DecisionRow[]> {
    if (payments.length === 0) return [];
    // The attempt's number begins with the payment's: ranges of the primary key.
    const ranges = payments.map(() => 'attempt_no BETWEEN ? AND ?').join(' OR ');
    const sql = `SELECT * FROM routing_decision WHERE ${ranges} ORDER BY attempt_no`;
    return (await this.db.select(
      sql,
      payments.flatMap((number) => [`${number}00`, `${number}99`]),
    )) as unknown as DecisionRow[];
  }

  /** How attempts since a number ended; numbers begin with their time, so that it is a range of the primary key. */
  async outcomes(since: string, most: number): Promise<{ provider: string; state: string; n: number }[]> {
    const sql = `SELECT provider, state, COUNT(*) AS n FROM (
        SELECT provider, state FROM attempt FORCE INDEX (PRIMARY) WHERE attempt_no >= ? ORDER BY attempt_no DESC LIMIT ?
      ) AS latest GROUP BY provider, state`;
    const rows = await this.db.select<{ provider: string; state: string; n: bigint | number }>(sql, [since, most]);
    return rows.map(({ provider, state, n }) => ({ provider, state, n: Number(n) }));
  }
}

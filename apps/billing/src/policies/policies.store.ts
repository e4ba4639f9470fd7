import { Inject, Injectable } from '@nestjs/common';
import type { PolicyView } from '@yidian/contracts';
import { branchPolicy } from '@yidian/contracts';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../resources/db';

export interface PolicyRow extends Record<string, unknown> {
  branch: string;
  version: number;
  state: PolicyView['state'];
  validFrom: Date;
  inForceFrom: Date | null;
  /** JSON. */
  body: string;
  reason: string;
  proposedBy: string;
  proposedAt: Date;
  decidedBy: string | null;
  decidedAt: Date | null;
  decisionReason: string | null;
}

export type Decided = Required<Pick<PolicyRow, 'state' | 'inForceFrom' | 'decidedBy' | 'decidedAt' | 'decisionReason'>>;

const COLUMNS = `branch, version, state, valid_from AS validFrom, in_force_from AS inForceFrom, body, reason,
  proposed_by AS proposedBy, proposed_at AS proposedAt, decided_by AS decidedBy, decided_at AS decidedAt,
  decision_reason AS decisionReason`;

@Injectable()
export class PoliciesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Moves with every approval. */
  async head(): Promise<bigint> {
    const [row] = await this.db.select<{ version: bigint }>('SELECT version FROM policy_head WHERE id = 1');
    return row?.version ?? 0n;
  }

  approved(): Promise<PolicyRow[]> {
    return this.db.select<PolicyRow>(`SELECT ${COLUMNS} FROM branch_policy WHERE state = 'approved'`);
  }

  list(filter: { branch?: string | undefined; state?: string | undefined }, limit: number): Promise<PolicyRow[]> {
    const { branch, state } = filter;
    const where = [branch === undefined ? '' : 'branch = ?', state === undefined ? '' : 'state = ?'].filter(Boolean);
    return this.db.select<PolicyRow>(
      `SELECT ${COLUMNS} FROM branch_policy ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
       ORDER BY proposed_at DESC, branch, version DESC LIMIT ?`,
      [...[branch, state].filter((value) => value !== undefined), limit],
    );
  }

  /** The branch's row is held, so that two proposals at once take two numbers; null: no such branch. */
  async nextVersion(tx: Queryable, branch: string): Promise<number | null> {
    const held = await tx.select('SELECT code FROM branch WHERE code = ? FOR UPDATE', [branch]);
    if (held.length === 0) return null;
    const [row] = await tx.select<{ last: number | null }>(
      'SELECT MAX(version) AS last FROM branch_policy WHERE branch = ?',
      [branch],
    );
    return (row?.last ?? 0) + 1;
  }

  async add(tx: Queryable, row: PolicyRow): Promise<void> {
    const { branch, version, state, validFrom, body, reason, proposedBy, proposedAt } = row;
    await tx.run(
      `INSERT INTO branch_policy (branch, version, state, valid_from, body, reason, proposed_by, proposed_at) VALUES (?)`,
      [[branch, version, state, validFrom, body, reason, proposedBy, proposedAt]],
    );
  }

  async lock(tx: Queryable, branch: string, version: number): Promise<PolicyRow | null> {
    const sql = `SELECT ${COLUMNS} FROM branch_policy WHERE branch = ? AND version = ? FOR UPDATE`;
    return (await tx.select<PolicyRow>(sql, [branch, version]))[0] ?? null;
  }

  async decide(tx: Queryable, { branch, version }: PolicyRow, decided: Decided): Promise<void> {
    const { state, inForceFrom, decidedBy, decidedAt, decisionReason } = decided;
    await tx.run(
      `UPDATE branch_policy SET state = ?, in_force_from = ?, decided_by = ?, decided_at = ?, decision_reason = ?
        WHERE branch = ? AND version = ? AND state = 'proposed'`,
      [state, inForceFrom, decidedBy, decidedAt, decisionReason, branch, version],
    );
    if (state === 'approved') await tx.run('UPDATE policy_head SET version = version + 1 WHERE id = 1');
  }
}

export function policyView(row: PolicyRow): PolicyView {
  const { branch, version, state, reason, proposedBy, decidedBy, decisionReason } = row;
  return {
    branch,
    version,
    state,
    validFrom: row.validFrom.toISOString(),
    inForceFrom: row.inForceFrom?.toISOString() ?? null,
    policy: branchPolicy.parse(JSON.parse(row.body)),
    reason,
    proposedBy,
    proposedAt: row.proposedAt.toISOString(),
    decidedBy,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    decisionReason,
  };
}

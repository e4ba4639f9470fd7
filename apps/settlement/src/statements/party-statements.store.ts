import { Inject, Injectable } from '@nestjs/common';
import type { PartyStatementVersion, StatementState } from '@yidian/contracts';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../resources/tokens';
import type { StatementBody } from './party-statement';

interface StatementRow extends Row {
  party: string;
  period: string;
  version: number;
  state: StatementState;
  window_ends: string;
  digest: string;
  body: string;
  issued_by: string;
  decided_by: string;
  reason: string;
}

/** A version is never changed but for its state. */
@Injectable()
export class PartyStatementsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async add(tx: Queryable, statement: PartyStatementVersion): Promise<void> {
    const { party, period, version, state, windowEnds, digest, issuedBy, nameZh, nameEn, totals, rows } = statement;
    const body: StatementBody = { nameZh, nameEn, totals, rows };
    await tx.run(
      `INSERT INTO party_statement (party, period, version, state, window_ends, digest, body, issued_by, decided_by, reason,
        created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '', ?)`,
      [party, period, version, state, windowEnds, digest, JSON.stringify(body), issuedBy, new Date()],
    );
  }

  async latest(party: string, period: string, queryable: Queryable = this.db): Promise<PartyStatementVersion | null> {
    const held = queryable === this.db ? '' : ' FOR UPDATE';
    const rows = await queryable.select<StatementRow>(
      `SELECT * FROM party_statement WHERE party = ? AND period = ? ORDER BY version DESC LIMIT 1${held}`,
      [party, period],
    );
    return rows[0] ? fromRow(rows[0]) : null;
  }

  async find(party: string, period: string, version: number): Promise<PartyStatementVersion | null> {
    const rows = await this.db.select<StatementRow>(
      'SELECT * FROM party_statement WHERE party = ? AND period = ? AND version = ?',
      [party, period, version],
    );
    return rows[0] ? fromRow(rows[0]) : null;
  }

  async move(
    tx: Queryable,
    { party, period, version }: Pick<PartyStatementVersion, 'party' | 'period' | 'version'>,
    to: StatementState,
    by: string,
    reason: string,
  ): Promise<void> {
    await tx.run(
      'UPDATE party_statement SET state = ?, decided_by = ?, reason = ? WHERE party = ? AND period = ? AND version = ?',
      [to, by, reason, party, period, version],
    );
  }
}

function fromRow(row: StatementRow): PartyStatementVersion {
  const body = JSON.parse(row.body) as StatementBody;
  return {
    ...{ party: row.party, period: row.period, version: row.version, state: row.state, digest: row.digest },
    ...{ windowEnds: row.window_ends, issuedBy: row.issued_by, decidedBy: row.decided_by, reason: row.reason },
    ...body,
  };
}

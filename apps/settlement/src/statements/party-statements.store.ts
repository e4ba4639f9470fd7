import { Inject, Injectable } from '@nestjs/common';
import type {
  partyStatementsList,
  PartyStatementSummary,
  PartyStatementVersion,
  StatementState,
  StatementTotals,
} from '@yidian/contracts';
import type { Db, Queryable, Row } from '@yidian/database';
import type { z } from 'zod';
import { DB } from '../resources/tokens';
import type { StatementBody } from './party-statement';

interface HeadRow extends Row {
  party: string;
  period: string;
  version: number;
  state: StatementState;
  window_ends: string;
  digest: string;
  issued_by: string;
  decided_by: string;
  reason: string;
}

interface StatementRow extends HeadRow {
  body: string;
}

interface SummaryRow extends HeadRow {
  name_zh: string;
  name_en: string;
  totals: string;
}

export type StatementsWanted = z.output<typeof partyStatementsList>;

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

  /** An older version is always superseded, the latest never. Lines stay in the table: a page needs none of them. */
  async list(
    { party, period, state, after, limit }: StatementsWanted,
    today: string,
  ): Promise<PartyStatementSummary[]> {
    const rows = await this.db.select<SummaryRow>(
      `SELECT party, period, version, state, window_ends, digest, issued_by, decided_by, reason,
         JSON_VALUE(body, '$.nameZh') AS name_zh, JSON_VALUE(body, '$.nameEn') AS name_en,
         CAST(JSON_EXTRACT(body, '$.totals') AS CHAR) AS totals
       FROM party_statement
       WHERE state <> 'superseded' AND (? = '' OR party = ?) AND (? = '' OR period = ?)
         AND (? = '' OR (state = ? AND NOT (state = 'issued' AND window_ends < ?))
           OR (? = 'confirmed' AND state = 'issued' AND window_ends < ?))
         AND (? = '' OR period < ? OR (period = ? AND party > ?))
       ORDER BY period DESC, party LIMIT ?`,
      [
        ...[party ?? '', party ?? '', period ?? '', period ?? '', state ?? '', state ?? ''],
        ...[today, state ?? '', today],
        ...[after?.period ?? '', after?.period ?? '', after?.period ?? '', after?.party ?? '', limit],
      ],
    );
    return rows.map((row) => ({
      ...headOf(row),
      ...{ nameZh: row.name_zh, nameEn: row.name_en, totals: JSON.parse(row.totals) as StatementTotals },
    }));
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
  return { ...headOf(row), ...(JSON.parse(row.body) as StatementBody) };
}

const headOf = (row: HeadRow): Omit<PartyStatementVersion, keyof StatementBody> => ({
  ...{ party: row.party, period: row.period, version: row.version, state: row.state, digest: row.digest },
  ...{ windowEnds: row.window_ends, issuedBy: row.issued_by, decidedBy: row.decided_by, reason: row.reason },
});

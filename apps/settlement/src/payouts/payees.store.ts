import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../resources/tokens';
import type { PayeeKind } from './payout';

/** One change of the list of those we may pay. */
export interface Payee {
  id: string;
  partyKind: PayeeKind;
  party: string;
  action: 'add' | 'retire';
  name: string;
  account: string;
  bic: string;
  reason: string;
  state: 'proposed' | 'approved' | 'rejected';
  proposedBy: string;
  decidedBy: string;
  /** When an approved change begins to hold. */
  effectiveAt: Date | null;
}

interface PayeeRow extends Row {
  id: string;
  party_kind: PayeeKind;
  party: string;
  action: Payee['action'];
  name: string;
  account: string;
  bic: string;
  reason: string;
  state: Payee['state'];
  proposed_by: string;
  decided_by: string;
  effective_at: Date | null;
}

@Injectable()
export class PayeesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async add(tx: Queryable, payee: Payee): Promise<void> {
    const { id, partyKind, party, action, name, account, bic, reason, state, proposedBy } = payee;
    await tx.run(
      `INSERT INTO payee (id, party_kind, party, action, name, account, bic, reason, state, proposed_by, proposed_at,
        decided_by, effective_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', NULL)`,
      [id, partyKind, party, action, name, account, bic, reason, state, proposedBy, new Date()],
    );
  }

  async find(id: string, queryable: Queryable = this.db): Promise<Payee | null> {
    const rows = await queryable.select<PayeeRow>('SELECT * FROM payee WHERE id = ?', [id]);
    return rows[0] ? fromRow(rows[0]) : null;
  }

  /** false: decided already, or by the one who proposed it. */
  async decide(id: string, state: 'approved' | 'rejected', by: string, effectiveAt: Date | null): Promise<boolean> {
    const decided = await this.db.run(
      `UPDATE payee SET state = ?, decided_by = ?, effective_at = ?
       WHERE id = ? AND state = 'proposed' AND proposed_by <> ?`,
      [state, by, effectiveAt, id, by],
    );
    return decided === 1;
  }

  /** The latest change of the party that holds at that moment says where it is paid, or that it is not. */
  async inForce(partyKind: PayeeKind, party: string, at: Date, queryable: Queryable = this.db): Promise<Payee | null> {
    const rows = await queryable.select<PayeeRow>(
      `SELECT * FROM payee WHERE party_kind = ? AND party = ? AND state = 'approved' AND effective_at <= ?
       ORDER BY effective_at DESC, id DESC LIMIT 1`,
      [partyKind, party, at],
    );
    const latest = rows[0] ? fromRow(rows[0]) : null;
    return latest?.action === 'add' ? latest : null;
  }

  async list(limit: number): Promise<Payee[]> {
    const rows = await this.db.select<PayeeRow>('SELECT * FROM payee ORDER BY proposed_at DESC, id LIMIT ?', [limit]);
    return rows.map(fromRow);
  }
}

const fromRow = (row: PayeeRow): Payee => ({
  id: row.id,
  partyKind: row.party_kind,
  party: row.party,
  action: row.action,
  name: row.name,
  account: row.account,
  bic: row.bic,
  reason: row.reason,
  state: row.state,
  proposedBy: row.proposed_by,
  decidedBy: row.decided_by,
  effectiveAt: row.effective_at,
});

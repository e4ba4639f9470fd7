import { Inject, Injectable } from '@nestjs/common';
import type { AdjustmentLeg, AdjustmentOriginal, adjustmentsList } from '@yidian/contracts';
import type { Db, Queryable, Row } from '@yidian/database';
import { fromDigits, toDigits } from '@yidian/money';
import type { z } from 'zod';
import { DB } from '../resources/tokens';
import type { Adjustment } from './adjustment';
import { ADJUSTMENT_MOVES, type AdjustmentState } from './adjustment.states';

interface AdjustmentRow extends Row {
  id: string;
  state: AdjustmentState;
  kind: AdjustmentOriginal['kind'];
  provider: string;
  period: string;
  reason: string;
  evidence: string;
  proposed_by: string;
  proposed_at: Date;
  decided_by: string;
  decided_at: Date | null;
  note: string;
  accounting_date: string | null;
  batch_id: string;
  batch_state: string | null;
}

interface LegRow extends Row {
  adjustment_id: string;
  account: AdjustmentLeg['account'];
  party: string;
  amount: bigint;
  payment_no: string;
}

export interface Decided {
  state: 'approved' | 'rejected';
  by: string;
  note: string;
  accountingDate: string | null;
  batchId: string;
}

/** Posted is told by the batch, nowhere else. */
const SELECT = `SELECT a.*, b.state AS batch_state,
    CASE WHEN a.state = 'approved' AND b.state = 'settled' THEN 'posted' ELSE a.state END AS shown
  FROM adjustment a LEFT JOIN settlement_batch b ON b.batch_id = a.batch_id`;

/** Proposals and what became of them. Legs are never changed once they are proposed. */
@Injectable()
export class AdjustmentsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async add(tx: Queryable, adjustment: Adjustment): Promise<void> {
    const { id, state, original, legs, reason, evidence, proposedBy, proposedAt } = adjustment;
    const provider = original.kind === 'provider_day' ? original.provider : '';
    const period = original.kind === 'month' ? original.month : original.date;
    await tx.run(
      `INSERT INTO adjustment (id, state, kind, provider, period, reason, evidence, proposed_by, proposed_at, decided_by,
        decided_at, note, accounting_date, batch_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', NULL, '', NULL, '')`,
      [id, state, original.kind, provider, period, reason, evidence, proposedBy, proposedAt],
    );
    await tx.run('INSERT INTO adjustment_leg (adjustment_id, no, account, party, amount, payment_no) VALUES ?', [
      legs.map((leg, n) => [id, n + 1, leg.account, leg.party, fromDigits(leg.amount), leg.paymentNo ?? '']),
    ]);
  }

  /** Held when it is asked for within a transaction. */
  async find(id: string, queryable: Queryable = this.db): Promise<Adjustment | null> {
    if (queryable !== this.db) await queryable.select('SELECT id FROM adjustment WHERE id = ? FOR UPDATE', [id]);
    const rows = await queryable.select<AdjustmentRow>(`${SELECT} WHERE a.id = ?`, [id]);
    const [found] = await this.withLegs(rows, queryable);
    return found ?? null;
  }

  /** Newest first. */
  async list({ state, after, limit }: z.output<typeof adjustmentsList>): Promise<Adjustment[]> {
    const rows = await this.db.select<AdjustmentRow>(
      `${SELECT} LEFT JOIN adjustment p ON p.id = ?
       WHERE p.id IS NULL OR a.proposed_at < p.proposed_at OR (a.proposed_at = p.proposed_at AND a.id < p.id)
       HAVING ? = '' OR shown = ? ORDER BY a.proposed_at DESC, a.id DESC LIMIT ?`,
      [after ?? '', state ?? '', state ?? '', limit],
    );
    return this.withLegs(rows, this.db);
  }

  /** false: somebody else has decided it. */
  async decide(tx: Queryable, id: string, { state, by, note, accountingDate, batchId }: Decided): Promise<boolean> {
    if (!ADJUSTMENT_MOVES.proposed.includes(state)) throw new Error(`an adjustment is not decided as ${state}`);
    const changed = await tx.run(
      `UPDATE adjustment SET state = ?, decided_by = ?, decided_at = ?, note = ?, accounting_date = ?, batch_id = ?
       WHERE id = ? AND state = 'proposed'`,
      [state, by, new Date(), note, accountingDate, batchId, id],
    );
    return changed === 1;
  }

  /** Principal that is taken back counts as refunded: no later refund takes it again. false: so much is not left with it. */
  async countTaken(tx: Queryable, paymentNo: string, branch: string, amount: bigint): Promise<boolean> {
    const changed = await tx.run(
      `UPDATE settled_item i JOIN settlement_batch b ON b.batch_id = i.batch_id AND b.state = 'settled'
       SET i.refunded = i.refunded + ?
       WHERE i.payment_no = ? AND i.kind = 'payment' AND i.place = 'due' AND i.branch = ?
         AND i.refunded + ? <= i.amount`,
      [amount, paymentNo, branch, amount],
    );
    return changed === 1;
  }

  /** Which of these accounts the money ledger has ever moved. */
  async knownAccounts(accounts: readonly string[]): Promise<Set<string>> {
    const rows = await this.db.select<{ account_id: string }>(
      'SELECT DISTINCT account_id FROM account_part WHERE account_id IN (?)',
      [accounts],
    );
    return new Set(rows.map((row) => row.account_id));
  }

  private async withLegs(rows: readonly AdjustmentRow[], queryable: Queryable): Promise<Adjustment[]> {
    if (rows.length === 0) return [];
    const legs = await queryable.select<LegRow>(
      `SELECT adjustment_id, account, party, amount, payment_no FROM adjustment_leg
       WHERE adjustment_id IN (?) ORDER BY adjustment_id, no`,
      [rows.map(({ id }) => id)],
    );
    return rows.map((row) =>
      fromRow(
        row,
        legs.filter((leg) => leg.adjustment_id === row.id),
      ),
    );
  }
}

function fromRow(row: AdjustmentRow, legs: readonly LegRow[]): Adjustment {
  return {
    ...{ id: row.id, state: row.state, original: originalOf(row), legs: legs.map(legOf) },
    ...{ reason: row.reason, evidence: row.evidence, proposedBy: row.proposed_by, proposedAt: row.proposed_at },
    ...{ decidedBy: row.decided_by, decidedAt: row.decided_at, note: row.note, batchId: row.batch_id },
    accountingDate: row.accounting_date ?? '',
    posted: row.state === 'approved' && row.batch_state === 'settled',
  };
}

function originalOf({ kind, provider, period }: AdjustmentRow): AdjustmentOriginal {
  if (kind === 'month') return { kind, month: period };
  return kind === 'provider_day' ? { kind, provider, date: period } : { kind, date: period };
}

/** The row was checked by the contract when it was written. */
const legOf = ({ account, party, amount, payment_no }: LegRow): AdjustmentLeg =>
  ({
    ...{ account, party, amount: toDigits(amount) },
    ...(payment_no === '' ? {} : { paymentNo: payment_no }),
  }) as AdjustmentLeg;

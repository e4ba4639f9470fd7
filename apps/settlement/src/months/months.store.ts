import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../resources/tokens';
import { FIRST_POSTING, MONTH_MOVES, MONTH_STEPS, type MonthState, type StepState } from './month.states';

export interface MonthRow extends Row {
  month: string;
  state: MonthState;
  proposed_by: string;
  signed_by: string;
  digest: string;
}

export interface StepRow extends Row {
  no: number;
  name: string;
  state: StepState;
  detail: string;
}

export interface Figure extends Row {
  step: number;
  terms_id: string;
  party: string;
  name: string;
  amount: bigint;
}

export const figure = (step: number, party: string, name: string, amount: bigint, termsId = ''): Figure => ({
  ...{ step, terms_id: termsId, party, name, amount },
});

@Injectable()
export class MonthsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async find(month: string): Promise<MonthRow | null> {
    const rows = await this.db.select<MonthRow>(
      'SELECT month, state, proposed_by, signed_by, digest FROM settlement_month WHERE month = ?',
      [month],
    );
    return rows[0] ?? null;
  }

  /** The month's rows, made when they are not there; held until the transaction ends. */
  async lock(tx: Queryable, month: string): Promise<MonthRow> {
    const now = new Date();
    await tx.run(
      `INSERT INTO settlement_month (month, state, proposed_by, signed_by, digest, updated_at)
       VALUES (?, 'open', '', '', '', ?) ON DUPLICATE KEY UPDATE month = month`,
      [month, now],
    );
    await tx.run(
      `INSERT INTO month_step (month, no, name, state, detail, updated_at) VALUES ? ON DUPLICATE KEY UPDATE no = no`,
      [MONTH_STEPS.map((name, at) => [month, at + 1, name, 'waiting', '', now])],
    );
    const rows = await tx.select<MonthRow>(
      'SELECT month, state, proposed_by, signed_by, digest FROM settlement_month WHERE month = ? FOR UPDATE',
      [month],
    );
    if (!rows[0]) throw new Error(`month ${month} is gone`);
    return rows[0];
  }

  /** false: somebody else has moved it. */
  async move(tx: Queryable, month: string, from: MonthState, to: MonthState, who: Partial<MonthRow>): Promise<boolean> {
    if (!MONTH_MOVES[from].includes(to)) throw new Error(`a month does not go from ${from} to ${to}`);
    const { proposed_by = null, signed_by = null, digest = null } = who;
    return (
      (await tx.run(
        `UPDATE settlement_month SET state = ?, proposed_by = COALESCE(?, proposed_by),
           signed_by = COALESCE(?, signed_by), digest = COALESCE(?, digest), updated_at = ?
         WHERE month = ? AND state = ?`,
        [to, proposed_by, signed_by, digest, new Date(), month, from],
      )) === 1
    );
  }

  steps(month: string, queryable: Queryable = this.db): Promise<StepRow[]> {
    return queryable.select<StepRow>('SELECT no, name, state, detail FROM month_step WHERE month = ? ORDER BY no', [
      month,
    ]);
  }

  async step(tx: Queryable, month: string, no: number, state: StepState, detail: string): Promise<void> {
    await tx.run('UPDATE month_step SET state = ?, detail = ?, updated_at = ? WHERE month = ? AND no = ?', [
      ...[state, detail.slice(0, 400), new Date(), month, no],
    ]);
  }

  async addFigures(tx: Queryable, month: string, figures: readonly Figure[]): Promise<void> {
    if (figures.length === 0) return;
    await tx.run(
      `INSERT INTO month_figure (month, step, terms_id, party, name, amount) VALUES ?
       ON DUPLICATE KEY UPDATE amount = VALUES(amount)`,
      [figures.map((one) => [month, one.step, one.terms_id, one.party, one.name, one.amount])],
    );
  }

  figures(month: string): Promise<Figure[]> {
    return this.db.select<Figure>(
      `SELECT step, terms_id, party, name, amount FROM month_figure WHERE month = ?
       ORDER BY step, terms_id, party, name`,
      [month],
    );
  }

  /** Σ of a provider's bills for a month; null when there is none. */
  async billed(provider: string, month: string): Promise<bigint | null> {
    const rows = await this.db.select<{ sum: bigint | null }>(
      'SELECT CAST(SUM(amount) AS SIGNED) AS sum FROM provider_invoice WHERE provider = ? AND month = ?',
      [provider, month],
    );
    return rows[0]?.sum ?? null;
  }

  /** @returns what is stored under the bill's number already, or null when it is new and stored now */
  async enter(provider: string, month: string, number: string, amount: bigint, actor: string): Promise<bigint | null> {
    return this.db.transaction(async (tx) => {
      const known = await tx.select<{ amount: bigint }>(
        'SELECT amount FROM provider_invoice WHERE provider = ? AND month = ? AND number = ? FOR UPDATE',
        [provider, month, number],
      );
      if (known[0]) return known[0].amount;
      await tx.run(
        `INSERT INTO provider_invoice (provider, month, number, amount, entered_by, entered_at)
         VALUES (?, ?, ?, ?, ?, ?)`,
        [provider, month, number, amount, actor, new Date()],
      );
      return null;
    });
  }

  /** Have true-ups of the month been posted? Its days then stand as they are. */
  async trued(month: string): Promise<boolean> {
    const rows = await this.db.select<{ n: bigint }>(
      `SELECT COUNT(*) AS n FROM month_step WHERE month = ? AND no >= ? AND state = 'done'`,
      [month, FIRST_POSTING],
    );
    return (rows[0]?.n ?? 0n) > 0n;
  }
}

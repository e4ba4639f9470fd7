import { Inject, Injectable } from '@nestjs/common';
import type { BreakClass } from '@yidian/contracts';
import type { Db, Queryable } from '@yidian/database';
import type { StandingKind } from '../matching/result';
import { DB } from '../reconciliation.config';
import type { Break } from './break';
import { canMove, UNSETTLED, type BreakState } from './break.states';

export interface BreakFilter {
  date?: string;
  /** Up to this business date. */
  to?: string;
  provider?: string;
  states?: readonly BreakState[];
  class?: BreakClass;
  /** Only whose it is; empty: nobody's yet. */
  owner?: string;
  /** Only this branch's, for an operator of one. */
  branch?: string;
  limit: number;
  /** (date, id) of the last row seen. */
  after?: { date: string; id: string };
}

export interface OpenSum {
  provider: string;
  date: string;
  owner: string;
  count: number;
  amount: bigint;
}

type Columns = Partial<Pick<Break, Exclude<keyof Break, 'id' | 'version' | 'state'> & string>>;

export interface Move {
  to: BreakState;
  what: string;
  actor: string;
  detail: string;
  set?: Columns;
}

@Injectable()
export class BreaksStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async get(id: string, tx: Queryable = this.db): Promise<Break | null> {
    const [row] = await tx.select<Break>('SELECT * FROM recon_break WHERE id = ?', [id]);
    return row ?? null;
  }

  list(filter: BreakFilter): Promise<Break[]> {
    const where: string[] = ['1 = 1'];
    const params: unknown[] = [];
    const add = (sql: string, ...values: unknown[]) => {
      where.push(sql);
      params.push(...values);
    };
    if (filter.date !== undefined) add('date = ?', filter.date);
    if (filter.to !== undefined) add('date <= ?', filter.to);
    if (filter.provider !== undefined) add('provider = ?', filter.provider);
    if (filter.states) add('state IN (?)', filter.states);
    if (filter.class !== undefined) add('class = ?', filter.class);
    if (filter.owner !== undefined) add('owner = ?', filter.owner);
    if (filter.branch !== undefined) add('branch = ?', filter.branch);
    if (filter.after) add('(date < ? OR (date = ? AND id > ?))', filter.after.date, filter.after.date, filter.after.id);
    return this.db.select<Break>(
      `SELECT * FROM recon_break WHERE ${where.join(' AND ')} ORDER BY date DESC, id LIMIT ?`,
      [...params, filter.limit],
    );
  }

  /**
   * One move with its history row, in the caller's transaction. False when the row has moved on meanwhile: then nothing was
   * written.
   */
  async move(tx: Queryable, row: Pick<Break, 'id' | 'version' | 'state'>, move: Move): Promise<boolean> {
    if (!canMove(row.state, move.to)) throw new Error(`a break cannot go from ${row.state} to ${move.to}`);
    const set = Object.entries(move.set ?? {});
    const moved = await tx.run(
      `UPDATE recon_break SET state = ?, version = version + 1${set.map(([column]) => `, ${column} = ?`).join('')}
       WHERE id = ? AND version = ? AND state = ?`,
      [move.to, ...set.map(([, value]) => value), row.id, row.version, row.state],
    );
    if (moved === 1) await this.event(tx, { ...row, version: row.version + 1 }, move);
    return moved === 1;
  }

  /** Something worth remembering that is no move. */
  async note(tx: Queryable, row: Pick<Break, 'id' | 'version'>, event: Omit<Move, 'to' | 'set'>): Promise<void> {
    const noted = await tx.run('UPDATE recon_break SET version = version + 1 WHERE id = ? AND version = ?', [
      row.id,
      row.version,
    ]);
    if (noted === 1) await this.event(tx, { id: row.id, version: row.version + 1 }, event);
  }

  /** False when the row has moved on meanwhile. */
  async assign(
    tx: Queryable,
    row: Pick<Break, 'id' | 'version'>,
    to: { owner: string; due: string | null; actor: string },
  ): Promise<boolean> {
    const assigned = await tx.run(
      'UPDATE recon_break SET owner = ?, due_on = ?, version = version + 1 WHERE id = ? AND version = ?',
      [to.owner, to.due, row.id, row.version],
    );
    const detail = `${to.owner || 'nobody'}, due ${to.due ?? 'never'}`;
    if (assigned === 1)
      await this.event(tx, { ...row, version: row.version + 1 }, { what: 'assigned', actor: to.actor, detail });
    return assigned === 1;
  }

  async events(id: string): Promise<{ what: string; actor: string; detail: string; at: Date }[]> {
    return this.db.select('SELECT what, actor, detail, at FROM break_event WHERE break_id = ? ORDER BY version', [id]);
  }

  /** No rule tries it any more. */
  async handOver(tx: Queryable, row: Break, event: Omit<Move, 'to' | 'set'>): Promise<void> {
    const handed = await tx.run('UPDATE recon_break SET auto = 0, version = version + 1 WHERE id = ? AND version = ?', [
      row.id,
      row.version,
    ]);
    if (handed === 1) await this.event(tx, { id: row.id, version: row.version + 1 }, event);
  }

  async event(tx: Queryable, row: Pick<Break, 'id' | 'version'>, event: Omit<Move, 'to' | 'set'>): Promise<void> {
    await tx.run(
      'INSERT INTO break_event (break_id, version, what, actor, detail, at) VALUES (?, ?, ?, ?, ?, NOW(3))',
      [...[row.id, row.version, event.what, event.actor, event.detail.slice(0, 600)]],
    );
  }

  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.db.transaction(work);
  }

  /** Keys of earlier dates that still wait for something. */
  async carriedKeys(provider: string, date: string): Promise<string[]> {
    const rows = await this.db.select<{ group_key: string }>(
      `SELECT DISTINCT group_key FROM recon_break
       WHERE provider = ? AND date < ? AND state IN (?) AND kind IN ('payment', 'refund') ORDER BY group_key`,
      [provider, date, UNSETTLED],
    );
    return rows.map((row) => row.group_key);
  }

  /** What the open ones of a comparison are about. */
  async openKeys(provider: string, kind: StandingKind, limit: number): Promise<string[]> {
    const rows = await this.db.select<{ group_key: string }>(
      'SELECT DISTINCT group_key FROM recon_break WHERE provider = ? AND kind = ? AND state IN (?) ORDER BY group_key LIMIT ?',
      [provider, kind, UNSETTLED, limit],
    );
    return rows.map((row) => row.group_key);
  }

  /** Past their due date, by provider, date and owner; amounts absolute. */
  overdue(today: string): Promise<OpenSum[]> {
    return this.openSums('AND due_on < ? GROUP BY provider, date, owner', [today], 'owner');
  }

  /** Open ones of a date or of earlier ones. */
  openUpTo(date: string): Promise<OpenSum[]> {
    return this.openSums('AND date <= ? GROUP BY provider, date', [date], "''");
  }

  private async openSums(rest: string, params: unknown[], owner: string): Promise<OpenSum[]> {
    const rows = await this.db.select<{ provider: string; date: string; owner: string; n: bigint; amount: string }>(
      `SELECT provider, date, ${owner} AS owner, COUNT(*) AS n, CAST(SUM(ABS(at_stake)) AS CHAR) AS amount
       FROM recon_break WHERE state IN ('open', 'proposed') ${rest} ORDER BY date, provider`,
      params,
    );
    return rows.map(({ n, amount, ...row }) => ({ ...row, count: Number(n), amount: BigInt(amount) }));
  }

  /** Open items a rule may try, of this date and earlier ones. */
  forRules(provider: string, date: string): Promise<Break[]> {
    return this.db.select<Break>(
      "SELECT * FROM recon_break WHERE provider = ? AND date <= ? AND state = 'open' AND auto = 1 ORDER BY id",
      [provider, date],
    );
  }

  async countOpen(date: string): Promise<Map<string, number>> {
    const rows = await this.db.select<{ provider: string; n: bigint }>(
      "SELECT provider, COUNT(*) AS n FROM recon_break WHERE date = ? AND state IN ('open', 'proposed', 'resolving') GROUP BY provider",
      [date],
    );
    return new Map(rows.map((row) => [row.provider, Number(row.n)]));
  }

  /** Lines that nobody could read and nobody has decided about: the day does not settle around them. */
  async undecidedLines(provider: string, date: string): Promise<number> {
    const [row] = await this.db.select<{ n: bigint }>(
      `SELECT COUNT(*) AS n FROM recon_break WHERE provider = ? AND date = ? AND class = 'unreadable_line'
       AND state IN ('open', 'proposed')`,
      [provider, date],
    );
    return Number(row?.n ?? 0n);
  }
}

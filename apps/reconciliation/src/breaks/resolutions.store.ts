import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ResolutionAction } from '@yidian/contracts';
import type { Db, Queryable, Row } from '@yidian/database';
import { RESOLUTION_KEY_PREFIX } from '../matching/payment-state';
import { DB } from '../reconciliation.config';
import type { Break } from './break';

/** pending: to be done, and asked again until it is · claimed: waits for the provider · done · refused. */
export type ResolutionState = 'pending' | 'claimed' | 'done' | 'refused';
export type SettleAs =
  | 'credit'
  | 'confirm_paid'
  | 'refund_payer'
  | 'reverse_credit'
  | 'write_off'
  | 'accept'
  | 'correct_fee'
  | 'move_credit';

export interface Resolution extends Row {
  rkey: string;
  break_id: string;
  provider: string;
  date: string;
  steps: string;
  step_no: number;
  state: ResolutionState;
  settle_as: SettleAs | null;
  settle_state: 'none' | 'due' | 'posted' | 'rejected';
  by_rule: number;
  actor: string;
  approver: string;
  detail: string;
  tries: number;
  due_at: Date | null;
  /** Of move_credit: `branch:subscriber`. */
  target: string | null;
}

/** Same break, same version: the same key, so that doing it twice is doing it once everywhere. At most 32 characters. */
export function resolutionKey(breakId: string, version: number): string {
  const hash = createHash('sha256').update(`${breakId}/${version}`).digest('hex');
  return `${RESOLUTION_KEY_PREFIX}${hash.slice(0, 29)}`;
}

const LONGEST_WAIT_SECONDS = 300;

@Injectable()
export class ResolutionsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async create(
    tx: Queryable,
    row: Break,
    plan: {
      steps: readonly ResolutionAction[];
      byRule: boolean;
      actor: string;
      approver: string;
      detail: string;
      target?: string | null;
    },
  ): Promise<void> {
    await tx.run(
      `INSERT INTO resolution (rkey, break_id, provider, date, steps, step_no, state, settle_as, settle_state, by_rule, actor,
         approver, detail, target, tries, due_at, created_at)
       VALUES (?, ?, ?, ?, ?, 0, 'pending', NULL, 'none', ?, ?, ?, ?, ?, 0, NOW(3), NOW(3))`,
      [
        ...[resolutionKey(row.id, row.version), row.id, row.provider, row.date, plan.steps.join(' ')],
        ...[plan.byRule ? 1 : 0, plan.actor, plan.approver, plan.detail.slice(0, 300)],
        plan.target ?? null,
      ],
    );
  }

  due(limit: number): Promise<Resolution[]> {
    return this.db.select<Resolution>(
      "SELECT * FROM resolution WHERE state = 'pending' AND due_at <= NOW(3) ORDER BY due_at LIMIT ?",
      [limit],
    );
  }

  pendingOf(provider: string, date: string): Promise<Resolution[]> {
    return this.db.select<Resolution>(
      "SELECT * FROM resolution WHERE provider = ? AND date <= ? AND state = 'pending' ORDER BY rkey",
      [provider, date],
    );
  }

  /** Done at its door, to be told to settlement. */
  toSettle(limit: number): Promise<Resolution[]> {
    return this.db.select<Resolution>(
      "SELECT * FROM resolution WHERE state = 'done' AND settle_state = 'due' AND due_at <= NOW(3) ORDER BY due_at LIMIT ?",
      [limit],
    );
  }

  /** The date is the lease: who moves it does the work until then. Waits double up to five minutes. */
  async claim(row: Resolution): Promise<boolean> {
    const seconds = Math.min(2 ** Math.min(row.tries, 9), LONGEST_WAIT_SECONDS) + 5;
    const moved = await this.db.run(
      'UPDATE resolution SET due_at = NOW(3) + INTERVAL ? SECOND, tries = tries + 1 WHERE rkey = ? AND state = ? AND tries = ?',
      [seconds, row.rkey, row.state, row.tries],
    );
    return moved === 1;
  }

  /** Asked again sooner than the lease says: the door has answered that it is working on it. */
  async askAgain(row: Resolution, detail: string): Promise<void> {
    const seconds = Math.min(2 ** Math.min(row.tries, 9), LONGEST_WAIT_SECONDS);
    await this.db.run(
      'UPDATE resolution SET due_at = NOW(3) + INTERVAL ? SECOND, detail = ? WHERE rkey = ? AND tries = ?',
      [seconds, detail.slice(0, 300), row.rkey, row.tries + 1],
    );
  }

  async nextStep(row: Resolution, detail: string): Promise<void> {
    await this.db.run(
      "UPDATE resolution SET step_no = ?, tries = 0, due_at = NOW(3), detail = ? WHERE rkey = ? AND state = 'pending' AND step_no = ?",
      [row.step_no + 1, detail.slice(0, 300), row.rkey, row.step_no],
    );
  }

  /** Of a date and not at their end; a claim waits for the provider and holds nothing up. */
  async underWay(date: string): Promise<number> {
    const [row] = await this.db.select<{ n: bigint }>(
      "SELECT COUNT(*) AS n FROM resolution WHERE date = ? AND (state = 'pending' OR settle_state = 'due')",
      [date],
    );
    return Number(row?.n ?? 0n);
  }

  async finish(
    tx: Queryable,
    row: Resolution,
    end: { state: ResolutionState; detail: string; settleAs: SettleAs | null },
  ): Promise<boolean> {
    const ended = await tx.run(
      `UPDATE resolution SET state = ?, detail = ?, settle_as = ?, settle_state = ?, tries = 0, due_at = ?
       WHERE rkey = ? AND state = 'pending'`,
      [
        ...[end.state, end.detail.slice(0, 300), end.settleAs, end.settleAs === null ? 'none' : 'due'],
        ...[end.settleAs === null ? null : new Date(), row.rkey],
      ],
    );
    return ended === 1;
  }

  async settled(tx: Queryable, row: Resolution, state: 'posted' | 'rejected', detail: string): Promise<boolean> {
    const ended = await tx.run(
      "UPDATE resolution SET settle_state = ?, detail = ?, due_at = NULL WHERE rkey = ? AND settle_state = 'due'",
      [state, detail.slice(0, 300), row.rkey],
    );
    return ended === 1;
  }
}

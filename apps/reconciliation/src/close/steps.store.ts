import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { StepName, StepState } from '@yidian/contracts';
import type { Db, Queryable, Row } from '@yidian/database';
import { isDuplicateKey } from '@yidian/database';
import { hashOf } from '../matching/identity';
import { DB } from '../reconciliation.config';
import { stepId } from './night-graph';
import type { StepRow } from './step-work';

export interface StepView extends StepRow {
  error: string | null;
  startedAt: Date | null;
  doneAt: Date | null;
  linesDone: number;
  linesTotal: number;
  /** Since this try of it began, until it last told of itself. */
  runMs: number;
}

/** Another worker holds the step now: what this one computed must not be published. */
export class StepLost extends Error {
  override readonly name = 'StepLost';
}

/** Longer than the slowest heartbeat by far; the database's clock alone decides. */
export const LEASE_SECONDS = 60;

const DUE = `((state IN ('ready', 'failed') AND (not_before IS NULL OR not_before <= NOW(3)))
  OR (state = 'running' AND lease_until < NOW(3)))`;

@Injectable()
export class StepsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** False when somebody else has begun this generation. */
  async begin(provider: string, date: string, generation: number, names: readonly StepName[]): Promise<boolean> {
    const ids = names.map((name) => stepId(provider, date, generation, name));
    try {
      await this.db.transaction(async (tx) => {
        await tx.run(
          `UPDATE step SET state = 'superseded', owner = NULL WHERE provider = ? AND date = ? AND generation < ? AND name IN (?)`,
          [provider, date, generation, names],
        );
        await tx.run('INSERT INTO step (id, provider, date, generation, name, state, fence, tries) VALUES ?', [
          names.map((name, place) => [
            ...[ids[place], provider, date, generation, name, place === 0 ? 'ready' : 'waiting', 0, 0],
          ]),
        ]);
        await tx.run('INSERT INTO step_edge (child, parent) VALUES ?', [
          ids.slice(1).map((child, place) => [child, ids[place]]),
        ]);
      });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** Takes a step that is due. One worker gets it; a lease that ran out is taken over with a higher fence. */
  async claim(id: string): Promise<StepRow | null> {
    const owner = randomUUID();
    await this.db.run(
      `UPDATE step SET state = 'running', owner = ?, fence = fence + 1, tries = tries + 1, error = NULL,
         run_at = NOW(3), told_at = NULL, lines_done = 0, lines_total = 0,
         lease_until = NOW(3) + INTERVAL ? SECOND, started_at = COALESCE(started_at, NOW(3))
       WHERE id = ? AND ${DUE}`,
      [owner, LEASE_SECONDS, id],
    );
    const [row] = await this.db.select('SELECT * FROM step WHERE id = ? AND owner = ?', [id, owner]);
    return row ? toView(row) : null;
  }

  /** False: the step is somebody else's. */
  async beat(step: StepRow): Promise<boolean> {
    const kept = await this.db.run(
      "UPDATE step SET lease_until = NOW(3) + INTERVAL ? SECOND WHERE id = ? AND fence = ? AND state = 'running'",
      [LEASE_SECONDS, step.id, step.fence],
    );
    return kept === 1;
  }

  /**
   * Ends a step, writes what it publishes and frees its children, all or nothing. @throws StepLost when the fence is not ours
   * any more; then nothing was written.
   */
  publish(step: StepRow, resultHash: string, write?: (tx: Queryable) => Promise<void>): Promise<string[]> {
    return this.db.transaction(async (tx) => {
      const ours = await tx.run(
        `UPDATE step SET state = 'done', result_hash = ?, owner = NULL, lease_until = NULL, not_before = NULL,
           done_at = NOW(3) WHERE id = ? AND fence = ? AND state = 'running'`,
        [resultHash, step.id, step.fence],
      );
      if (ours !== 1) throw new StepLost(`${step.id} is not held by fence ${step.fence} any more`);
      await write?.(tx);
      return this.freeChildren(tx, step.id);
    });
  }

  private async freeChildren(tx: Queryable, parent: string): Promise<string[]> {
    const children = await tx.select<{ child: string }>('SELECT child FROM step_edge WHERE parent = ?', [parent]);
    const freed: string[] = [];
    for (const { child } of children) {
      const parents = await tx.select<{ state: StepState; result_hash: string | null }>(
        `SELECT s.state, s.result_hash FROM step_edge e JOIN step s ON s.id = e.parent WHERE e.child = ? ORDER BY s.id`,
        [child],
      );
      if (parents.some((row) => row.state !== 'done')) continue;
      const inputs = hashOf(...parents.map((row) => row.result_hash ?? ''));
      const ready = await tx.run(
        "UPDATE step SET state = 'ready', inputs_hash = ? WHERE id = ? AND state = 'waiting'",
        [inputs, child],
      );
      if (ready === 1) freed.push(child);
    }
    return freed;
  }

  /** Gives a step back until later: `ready` when it only was too early, `failed` when somebody should look. */
  async giveBack(step: StepRow, to: 'ready' | 'failed', afterMs: number, why: string): Promise<void> {
    await this.db.run(
      `UPDATE step SET state = ?, owner = NULL, lease_until = NULL, error = ?,
         not_before = NOW(3) + INTERVAL ? MICROSECOND WHERE id = ? AND fence = ? AND state = 'running'`,
      [to, why.slice(0, 300), Math.round(afterMs) * 1_000, step.id, step.fence],
    );
  }

  /** Ready, failed long enough ago, or left by a worker that died. */
  async due(): Promise<Pick<StepRow, 'id' | 'fence'>[]> {
    return this.db.select<{ id: string; fence: bigint }>(
      `SELECT id, fence FROM step WHERE ${DUE} ORDER BY id LIMIT 200`,
    );
  }

  async fence(id: string): Promise<bigint> {
    const [row] = await this.db.select<{ fence: bigint }>('SELECT fence FROM step WHERE id = ?', [id]);
    return row?.fence ?? 0n;
  }

  /** What failed is due at once: somebody has asked for it. */
  async hurry(provider: string, date: string): Promise<void> {
    await this.db.run(
      "UPDATE step SET not_before = NULL WHERE provider = ? AND date = ? AND state IN ('ready', 'failed')",
      [provider, date],
    );
  }

  /** The steps that count: of each name the latest generation, in the order of their ids. */
  async ofDate(date: string): Promise<StepView[]> {
    const rows = await this.db.select("SELECT * FROM step WHERE date = ? AND state <> 'superseded' ORDER BY id", [
      date,
    ]);
    return rows.map(toView);
  }

  /** Dates of a range that have a night, oldest first. */
  async datesBetween(from: string, to: string): Promise<string[]> {
    const rows = await this.db.select<{ date: string }>(
      'SELECT DISTINCT date FROM step WHERE date BETWEEN ? AND ? ORDER BY date',
      [from, to],
    );
    return rows.map((row) => row.date);
  }

  /** How far a running step is, in lines; by its fence, so that a worker that lost it says nothing any more. */
  async tell(step: Pick<StepRow, 'id' | 'fence'>, done: number, total: number): Promise<void> {
    await this.db.run(
      `UPDATE step SET lines_done = ?, lines_total = ?, told_at = NOW(3) WHERE id = ? AND fence = ? AND state = 'running'`,
      [done, total, step.id, step.fence],
    );
  }

  async dates(limit: number): Promise<string[]> {
    const rows = await this.db.select<{ date: string }>('SELECT DISTINCT date FROM step ORDER BY date DESC LIMIT ?', [
      limit,
    ]);
    return rows.map((row) => row.date);
  }

  /** The latest date whose step is done, or the one given. */
  async latest(provider: string, name: StepName, atLeast: string): Promise<string> {
    const [row] = await this.db.select<{ date: string | null }>(
      "SELECT MAX(date) AS date FROM step WHERE provider = ? AND name = ? AND state = 'done'",
      [provider, name],
    );
    return row?.date && row.date > atLeast ? row.date : atLeast;
  }

  async isDone(provider: string, date: string, name: StepName): Promise<boolean> {
    const rows = await this.db.select<{ state: StepState }>(
      "SELECT state FROM step WHERE provider = ? AND date = ? AND name = ? AND state <> 'superseded'",
      [provider, date, name],
    );
    return rows.length > 0 && rows.every((row) => row.state === 'done');
  }
}

function toView(row: Row): StepView {
  return {
    id: row['id'] as string,
    provider: row['provider'] as string,
    date: row['date'] as string,
    generation: row['generation'] as number,
    name: row['name'] as StepName,
    state: row['state'] as StepState,
    fence: row['fence'] as bigint,
    tries: row['tries'] as number,
    error: row['error'] as string | null,
    startedAt: row['started_at'] as Date | null,
    doneAt: row['done_at'] as Date | null,
    linesDone: Number(row['lines_done']),
    linesTotal: Number(row['lines_total']),
    runMs: between(row['run_at'] as Date | null, row['told_at'] as Date | null),
  };
}

const between = (from: Date | null, to: Date | null): number => (from && to ? to.getTime() - from.getTime() : 0);

import { Inject, Injectable } from '@nestjs/common';
import type { Archived } from '@yidian/archive';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../reconciliation.config';
import type { PlainCount } from './engine/plain-part';

/** Matched lines of one run, as sealed segments. */
export interface MatchedSet {
  runId: string;
  provider: string;
  date: string;
  /** Segment number = first bits of the hash. */
  bits: number;
  n: number;
  amount: bigint;
  fees: bigint;
  digest: string;
  /** Code → `channel\tpartner`, as facts' lines write it. */
  names: [number, string][];
  statement: Archived;
}

export interface MatchedSegment extends Archived {
  part: number;
  n: number;
  amount: bigint;
  fees: bigint;
}

const ROWS = 500;

@Injectable()
export class MatchedStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** In the run's own transaction; whoever computes the same inputs registers the same segments. */
  async register(
    tx: Queryable,
    set: MatchedSet,
    segments: readonly MatchedSegment[],
    counts: readonly PlainCount[],
  ): Promise<void> {
    const { runId, provider, date, bits, n, amount, fees, digest, names, statement } = set;
    const [known] = await tx.select('SELECT run_id FROM matched_set WHERE run_id = ?', [runId]);
    if (known) return;
    await tx.run('INSERT INTO matched_set VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
      ...[runId, provider, date, bits, n, amount, fees, digest, JSON.stringify(names)],
      ...[statement.path, statement.sha256],
    ]);
    for (let from = 0; from < segments.length; from += ROWS)
      await tx.run('INSERT INTO matched_segment (run_id, part, n, amount, fees, path, sha256) VALUES ?', [
        segments
          .slice(from, from + ROWS)
          .map((one) => [runId, one.part, one.n, one.amount, one.fees, one.path, one.sha256]),
      ]);
    if (counts.length > 0)
      await tx.run('INSERT INTO matched_count (run_id, branch, channel, n) VALUES ?', [
        counts.map(({ branch, channel, n: lines }) => [runId, branch, channel, lines]),
      ]);
  }

  async set(runId: string): Promise<MatchedSet | null> {
    const [found] = await this.sets('run_id = ?', [runId]);
    return found ?? null;
  }

  /** Sets of runs that stand, of dates in [from, before). */
  setsBetween(provider: string, from: string, before: string): Promise<MatchedSet[]> {
    return this.sets(
      `provider = ? AND date >= ? AND date < ? AND n > 0
       AND run_id IN (SELECT run_id FROM run WHERE state = 'current') ORDER BY date`,
      [provider, from, before],
    );
  }

  async segments(runId: string): Promise<MatchedSegment[]> {
    const rows = await this.db.select<{
      part: number;
      n: bigint;
      amount: bigint;
      fees: bigint;
      path: string;
      sha256: string;
    }>('SELECT part, n, amount, fees, path, sha256 FROM matched_segment WHERE run_id = ? ORDER BY part', [runId]);
    return rows.map((row) => ({ ...row, n: Number(row.n) }));
  }

  private async sets(where: string, values: readonly unknown[]): Promise<MatchedSet[]> {
    const rows = await this.db.select<{
      run_id: string;
      provider: string;
      date: string;
      bits: number;
      n: bigint;
      amount: bigint;
      fees: bigint;
      digest: string;
      names: string;
      statement_path: string;
      statement_sha256: string;
    }>(`SELECT * FROM matched_set WHERE ${where}`, [...values]);
    return rows.map(({ run_id: runId, n, names, statement_path: path, statement_sha256: sha256, ...row }) => ({
      ...row,
      runId,
      n: Number(n),
      names: JSON.parse(names) as [number, string][],
      statement: { path, sha256 },
    }));
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Archived } from '@yidian/archive';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../../resources/tokens';
import { printEarned, readEarned, type Earned } from '../earned';
import type { SettledPart } from '../engine/settle-messages';
import { ItemsStore } from '../items.store';
import type { SettledItem } from '../settled-item';
import { groupOf, type SettledSum } from './sums';

const ROWS = 500;

/** A sealed part of a batch, and between which first nine digits its payment numbers lie. */
export interface BatchPart extends Archived {
  batchId: string;
  provider: string;
  day: string;
  runId: string;
  part: number;
  n: number;
  first: number;
  last: number;
}

export interface SealedBatch {
  batchId: string;
  provider: string;
  day: string;
  sealed: string;
}

interface PartRow extends Row {
  batch_id: string;
  provider: string;
  day: string;
  run_id: string;
  part: number;
  n: number;
  first_no: bigint;
  last_no: bigint;
  path: string;
  sha256: string;
}

interface SumRow extends Row {
  schedule_id: string;
  plan_id: string;
  n: bigint;
  earned: string;
}

const PARTS = `SELECT s.batch_id, b.provider, b.day, b.run_id, s.part, s.n, s.first_no, s.last_no, s.path, s.sha256
  FROM settled_segment s JOIN settlement_batch b ON b.batch_id = s.batch_id`;

/** Which sealed parts a batch stands on, and what their lines come to. A line is in its group's sum or a row, never both. */
@Injectable()
export class SettledSetsStore {
  constructor(
    @Inject(DB) private readonly db: Db,
    private readonly items: ItemsStore,
  ) {}

  /** In place of whatever an earlier plan of the same batch had registered and opened. The batch must be held. */
  async register(
    tx: Queryable,
    batchId: string,
    digest: string,
    parts: readonly SettledPart[],
    sums: readonly SettledSum[],
  ): Promise<void> {
    await tx.run('DELETE FROM settled_segment WHERE batch_id = ?', [batchId]);
    await tx.run('DELETE FROM settled_sum WHERE batch_id = ?', [batchId]);
    await tx.run('DELETE FROM settled_item WHERE batch_id = ? AND sealed = 1', [batchId]);
    await tx.run('UPDATE settlement_batch SET sealed = ? WHERE batch_id = ?', [digest, batchId]);
    const segments = parts.map(({ n, first, last, path, sha256 }, part) => [
      batchId,
      part,
      n,
      first,
      last,
      path,
      sha256,
    ]);
    for (const rows of pagesOf(segments))
      await tx.run('INSERT INTO settled_segment (batch_id, part, n, first_no, last_no, path, sha256) VALUES ?', [rows]);
    for (const rows of pagesOf(sums))
      await tx.run(
        `INSERT INTO settled_sum (batch_id, branch, acquiring_branch, channel, partner, schedule_id, plan_id, n, amount,
           statement_fee, fee, commission, earned) VALUES ?`,
        [
          rows.map((sum) => [
            ...[batchId, sum.branch, sum.acquiringBranch, sum.channel, sum.partner, sum.scheduleId, sum.planId, sum.n],
            ...[sum.amount, sum.statementFee, sum.fee, sum.commission, printEarned(sum.earned)],
          ]),
        ],
      );
  }

  /** Lines of one batch out of their sums into rows; those that are rows already stay as they are. */
  async open(tx: Queryable, batchId: string, lines: readonly SettledItem[]): Promise<void> {
    for (const key of [...new Set(lines.map(groupOf))].sort()) {
      const group = lines.filter((line) => groupOf(line) === key);
      const sum = await this.lockSum(tx, batchId, group[0] as SettledItem);
      const there = new Set((await this.items.inBatch(batchId, group.map(idOf), tx)).map(idOf));
      const fresh = group.filter((line) => !there.has(line.itemId));
      if (fresh.length === 0) continue;
      if (fresh.some((line) => line.scheduleId !== sum.schedule_id || line.planId !== sum.plan_id))
        throw new Error(`${batchId} is being settled by other contracts`);
      await this.items.put(tx, fresh);
      await this.takeOut(tx, batchId, fresh, sum);
    }
  }

  private async lockSum(tx: Queryable, batchId: string, line: SettledItem): Promise<SumRow> {
    const [sum] = await tx.select<SumRow>(
      `SELECT schedule_id, plan_id, n, earned FROM settled_sum WHERE ${OF_GROUP} FOR UPDATE`,
      keyOf(batchId, line),
    );
    if (!sum) throw new Error(`${batchId} has no sum of the group of ${line.paymentNo}`);
    return sum;
  }

  private async takeOut(tx: Queryable, batchId: string, lines: readonly SettledItem[], sum: SumRow): Promise<void> {
    const of = (amount: (line: SettledItem) => bigint) => lines.reduce((all, line) => all + amount(line), 0n);
    const earned: Earned[] = readEarned(sum.earned).map((level, at) => ({
      ...level,
      amount: level.amount - of((line) => line.earned[at]?.amount ?? 0n),
    }));
    if (sum.n < BigInt(lines.length)) throw new Error(`${batchId}: more lines are opened than the group has`);
    await tx.run(
      `UPDATE settled_sum SET n = n - ?, amount = amount - ?, statement_fee = statement_fee - ?, fee = fee - ?,
         commission = commission - ?, earned = ? WHERE ${OF_GROUP}`,
      [
        ...[lines.length, of(({ amount }) => amount), of(({ statementFee }) => statementFee), of(({ fee }) => fee)],
        ...[of(({ commission }) => commission), printEarned(earned), ...keyOf(batchId, lines[0] as SettledItem)],
      ],
    );
  }

  /** Parts that may hold a number between these, of batches that bind and of the one that is being planned. */
  async partsBetween(first: number, last: number, planning: string): Promise<BatchPart[]> {
    const rows = await this.db.select<PartRow>(
      `${PARTS} WHERE s.last_no >= ? AND s.first_no <= ? AND (b.state IN ('posting', 'settled') OR b.batch_id = ?)
       ORDER BY s.batch_id, s.part`,
      [first, last, planning],
    );
    return rows.map(partOf);
  }

  async partsOf(batchId: string): Promise<BatchPart[]> {
    return (await this.db.select<PartRow>(`${PARTS} WHERE s.batch_id = ? ORDER BY s.part`, [batchId])).map(partOf);
  }

  /** Batches with sealed lines that bind, of dates in [from, to]. */
  async batches(from: string, to: string, provider = ''): Promise<SealedBatch[]> {
    return this.db.select<SealedBatch & Row>(
      `SELECT batch_id AS batchId, provider, day, sealed FROM settlement_batch
       WHERE sealed <> '' AND state IN ('posting', 'settled') AND day BETWEEN ? AND ? AND (? = '' OR provider = ?)
       ORDER BY day, batch_id`,
      [from, to, provider, provider],
    );
  }

  /** Per branch what is sealed of its principal, opened lines included as long as they are its. */
  async principal(batchId: string): Promise<Map<string, bigint>> {
    const rows = await this.db.select<{ branch: string; total: bigint }>(
      `SELECT branch, CAST(SUM(amount) AS SIGNED) AS total FROM (
         SELECT branch, amount FROM settled_sum WHERE batch_id = ?
         UNION ALL
         SELECT branch, amount FROM settled_item WHERE batch_id = ? AND sealed = 1 AND place = 'due'
       ) settled GROUP BY branch`,
      [batchId, batchId],
    );
    return new Map(rows.map(({ branch, total }) => [branch, total]));
  }

  /** Lines, amount, fee and commission of a batch's sums. */
  async sum(batchId: string): Promise<[number, bigint, bigint, bigint]> {
    const [row] = await this.db.select<{ n: bigint; amount: bigint; fee: bigint; commission: bigint }>(
      `SELECT CAST(COALESCE(SUM(n), 0) AS SIGNED) AS n, CAST(COALESCE(SUM(amount), 0) AS SIGNED) AS amount,
         CAST(COALESCE(SUM(fee), 0) AS SIGNED) AS fee, CAST(COALESCE(SUM(commission), 0) AS SIGNED) AS commission
       FROM settled_sum WHERE batch_id = ?`,
      [batchId],
    );
    return [Number(row?.n ?? 0n), row?.amount ?? 0n, row?.fee ?? 0n, row?.commission ?? 0n];
  }
}

const OF_GROUP = 'batch_id = ? AND branch = ? AND acquiring_branch = ? AND channel = ? AND partner = ?';
const keyOf = (batchId: string, { branch, acquiringBranch, channel, partner }: SettledItem): string[] => [
  ...[batchId, branch, acquiringBranch, channel, partner],
];
const idOf = ({ itemId }: SettledItem): string => itemId;

const partOf = ({ batch_id: batchId, run_id: runId, first_no: first, last_no: last, ...row }: PartRow): BatchPart => ({
  ...{ provider: row.provider, day: row.day, part: row.part, n: row.n, path: row.path, sha256: row.sha256 },
  ...{ batchId, runId, first: Number(first), last: Number(last) },
});

function* pagesOf<T>(rows: readonly T[]): Generator<T[]> {
  for (let at = 0; at < rows.length; at += ROWS) yield rows.slice(at, at + ROWS);
}

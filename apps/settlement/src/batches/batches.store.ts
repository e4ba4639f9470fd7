import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../resources/tokens';
import type { Batch, BatchKind, PlannedLeg, PlannedPosting, Totals } from './batch';
import { mayMove, type BatchState } from './batch.states';
import type { Leg, LegKind } from './leg';

interface BatchRow extends Row {
  batch_id: string;
  kind: BatchKind;
  provider: string;
  day: string;
  run_id: string;
  digest: string;
  sealed: string;
  actor: string;
  state: BatchState;
  fence: number;
  principal: bigint;
  fees: bigint;
  commissions: bigint;
  suspense: bigint;
  branches: number;
}

interface LegRow extends Row {
  posting_no: number;
  debit: string;
  credit: string;
  amount: bigint;
  kind: LegKind;
  refers_to: string;
  channel: string;
  items: number;
}

const LEGS_PER_INSERT = 500;

/** Batches and their legs. Every method takes the transaction it belongs to, or reads by itself. */
@Injectable()
export class BatchesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async create(tx: Queryable, batch: Batch): Promise<void> {
    const { totals } = batch;
    const now = new Date();
    await tx.run(
      `INSERT INTO settlement_batch (batch_id, kind, provider, day, run_id, digest, actor, state, fence,
        principal, fees, commissions, suspense, branches, created_at, updated_at) VALUES ?`,
      [
        [
          [
            ...[batch.batchId, batch.kind, batch.provider, batch.day, batch.runId, batch.digest, batch.actor],
            ...[batch.state, batch.fence, totals.principal, totals.fees, totals.commissions, totals.suspense],
            ...[totals.branches, now, now],
          ],
        ],
      ],
    );
  }

  async find(batchId: string, queryable: Queryable = this.db): Promise<Batch | null> {
    const rows = await queryable.select<BatchRow>('SELECT * FROM settlement_batch WHERE batch_id = ?', [batchId]);
    return rows[0] ? fromRow(rows[0]) : null;
  }

  /** Holds the row until the transaction ends. */
  async lock(tx: Queryable, batchId: string): Promise<Batch> {
    const rows = await tx.select<BatchRow>('SELECT * FROM settlement_batch WHERE batch_id = ? FOR UPDATE', [batchId]);
    if (!rows[0]) throw new Error(`batch ${batchId} is gone`);
    return fromRow(rows[0]);
  }

  /** false: somebody else has moved it. */
  async move(tx: Queryable, batchId: string, from: BatchState, to: BatchState): Promise<boolean> {
    if (!mayMove(from, to)) throw new Error(`a batch does not go from ${from} to ${to}`);
    const matched = await tx.run(
      'UPDATE settlement_batch SET state = ?, updated_at = ? WHERE batch_id = ? AND state = ?',
      [to, new Date(), batchId, from],
    );
    return matched === 1;
  }

  async raiseFence(tx: Queryable, batchId: string): Promise<void> {
    await tx.run('UPDATE settlement_batch SET fence = fence + 1, updated_at = ? WHERE batch_id = ?', [
      new Date(),
      batchId,
    ]);
  }

  async setTotals(tx: Queryable, batchId: string, totals: Totals): Promise<void> {
    await tx.run(
      `UPDATE settlement_batch SET principal = ?, fees = ?, commissions = ?, suspense = ?, branches = ?
       WHERE batch_id = ?`,
      [totals.principal, totals.fees, totals.commissions, totals.suspense, totals.branches, batchId],
    );
  }

  async addLegs(tx: Queryable, batchId: string, postings: readonly PlannedPosting[]): Promise<void> {
    const rows = postings.flatMap((posting, p) =>
      posting.map((leg, l) => [
        ...[batchId, p + 1, l + 1, leg.debit, leg.credit, leg.amount, leg.kind, leg.refersTo],
        ...[leg.channel, leg.items],
      ]),
    );
    for (let at = 0; at < rows.length; at += LEGS_PER_INSERT)
      await tx.run(
        `INSERT INTO batch_leg (batch_id, posting_no, leg_no, debit, credit, amount, kind, refers_to, channel, items)
         VALUES ?`,
        [rows.slice(at, at + LEGS_PER_INSERT)],
      );
  }

  /** The plan, posting by posting, in order. */
  async postings(batchId: string, queryable: Queryable = this.db): Promise<PlannedPosting[]> {
    const rows = await queryable.select<LegRow>(
      `SELECT posting_no, debit, credit, amount, kind, refers_to, channel, items
       FROM batch_leg WHERE batch_id = ? ORDER BY posting_no, leg_no`,
      [batchId],
    );
    const postings: PlannedLeg[][] = [];
    for (const { posting_no, refers_to, ...leg } of rows)
      (postings[posting_no - 1] ??= []).push({ ...leg, refersTo: refers_to });
    return postings;
  }

  /** Legs on an item whose plan is fixed and whose posting is under way: the list of open items does not know them yet. */
  async underWay(tx: Queryable, provider: string, itemId: string): Promise<Leg[]> {
    const rows = await tx.select<LegRow>(
      `SELECT l.debit, l.credit, l.amount, l.kind, l.refers_to FROM settlement_batch b
       JOIN batch_leg l ON l.batch_id = b.batch_id
       WHERE b.state = 'posting' AND b.provider = ? AND l.refers_to = ?`,
      [provider, itemId],
    );
    return rows.map(({ debit, credit, amount, kind, refers_to }) => ({
      debit,
      credit,
      amount,
      kind,
      refersTo: refers_to,
    }));
  }

  /** Batches that belong to a provider-day and are, or surely will be, in the ledger. */
  async resolutionBatches(provider: string, day: string): Promise<Batch[]> {
    const rows = await this.db.select<BatchRow>(
      `SELECT * FROM settlement_batch WHERE provider = ? AND day = ? AND kind = 'resolution'
       AND state IN ('posting', 'settled', 'reversing') ORDER BY batch_id`,
      [provider, day],
    );
    return rows.map(fromRow);
  }

  /** Begun and left alone for a while: their process has died. */
  async unfinished(before: Date): Promise<Batch[]> {
    const rows = await this.db.select<BatchRow>(
      `SELECT * FROM settlement_batch WHERE state IN ('posting', 'reversing') AND updated_at < ?
       ORDER BY updated_at LIMIT 50`,
      [before],
    );
    return rows.map(fromRow);
  }
}

const fromRow = (row: BatchRow): Batch => ({
  batchId: row.batch_id,
  kind: row.kind,
  provider: row.provider,
  day: row.day,
  runId: row.run_id,
  digest: row.digest,
  sealed: row.sealed,
  actor: row.actor,
  state: row.state,
  fence: row.fence,
  totals: {
    principal: row.principal,
    fees: row.fees,
    commissions: row.commissions,
    suspense: row.suspense,
    branches: row.branches,
  },
});

import type { BatchLimits } from '@yidian/batching';
import type { Db } from '@yidian/database';
import { rowText } from './fact';
import type { LaneBody, LaneTx } from './lane-body';
import { LaneWriter } from './lane-writer';
import type { HashSource } from './lane-walk';

export interface AuditEntry {
  actor: string;
  action: string;
  object: string;
  /** JSON text or null. Never a full number, account or key. */
  before: string | null;
  after: string | null;
}

export interface AuditOptions {
  url: string;
  service: string;
  instance: string;
  limits?: Partial<BatchLimits>;
  alarm?: (message: string, error?: unknown) => void;
}

/** Who did what to what. Append-only, on lanes of its own, under the same hash chain as the money. */
export class Audit {
  private readonly writer: LaneWriter<AuditEntry, void>;

  constructor(options: AuditOptions) {
    this.writer = new LaneWriter<AuditEntry, void>({ ...options, body: new AuditBody() });
  }

  open(): Promise<void> {
    return this.writer.open();
  }

  /** Resolves when it is written. Rejects as LaneWriter.submit does. */
  append(entry: AuditEntry): Promise<void> {
    return this.writer.submit(entry);
  }

  ready(): boolean {
    return this.writer.ready();
  }

  close(): Promise<void> {
    return this.writer.close();
  }
}

class AuditBody implements LaneBody<AuditEntry, void> {
  apply(tx: LaneTx, items: readonly AuditEntry[]): Promise<void[]> {
    const rows = items.map((entry, n) => [
      tx.laneId,
      tx.batchNo,
      n,
      tx.now,
      entry.actor,
      entry.action,
      entry.object,
      entry.before,
      entry.after,
    ]);
    for (const row of rows) tx.hash(rowText('audit', row));
    const sql = `INSERT INTO audit (lane_id, batch_no, n, at, actor, action, object, before_json, after_json) VALUES ?`;
    tx.write({ sql, params: [rows] }, rows.length);
    return Promise.resolve(items.map(() => undefined));
  }

  sizeOf(entry: AuditEntry): number {
    return 200 + (entry.before?.length ?? 0) + (entry.after?.length ?? 0);
  }
}

interface AuditRow extends Record<string, unknown> {
  lane_id: number;
  batch_no: bigint;
  n: number;
  at: Date;
  actor: string;
  action: string;
  object: string;
  before_json: string | null;
  after_json: string | null;
}

export const AUDIT_SOURCE: HashSource = {
  tables: [{ table: 'audit', index: 'PRIMARY', number: 'batch_no' }],
  async rows(db: Db, laneId: number, fromBatch: bigint, toBatch: bigint) {
    const rows = await db.select<AuditRow>(
      `SELECT lane_id, batch_no, n, at, actor, action, object, before_json, after_json FROM audit
        WHERE lane_id = ? AND batch_no BETWEEN ? AND ?`,
      [laneId, fromBatch, toBatch],
    );
    return rows.map((row) => ({
      batchNo: row.batch_no,
      row: rowText('audit', [
        row.lane_id,
        row.batch_no,
        row.n,
        row.at,
        row.actor,
        row.action,
        row.object,
        row.before_json,
        row.after_json,
      ]),
    }));
  },
};

import { Inject, Injectable } from '@nestjs/common';
import { isDuplicateKey, type Db } from '@yidian/database';
import { DB } from '../../platform';

export interface PartRow {
  fingerprint: string;
  n: number;
  group_key: string;
  part_no: number;
  part_count: number;
  data_coding: number;
  from_sealed: string;
  octets_sealed: string;
  link: string;
  sequence: number;
  message_id: string | null;
  received_at: Date;
}

const KEPT_DAYS = 3;

/** Parts of messages as the centre brought them, kept before it is told so. */
@Injectable()
export class PartsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /**
   * Keeps a part, unless it stands there already by `same`.
   * @returns the row that stands for it, and whether it is new
   */
  async keep(
    part: Omit<PartRow, 'n' | 'message_id'>,
    same: (earlier: PartRow) => boolean,
  ): Promise<{ row: PartRow; fresh: boolean }> {
    for (;;) {
      const earlier = await this.latest(part.fingerprint);
      if (earlier && same(earlier)) return { row: earlier, fresh: false };
      const row: PartRow = { ...part, n: (earlier?.n ?? 0) + 1, message_id: null };
      try {
        await this.db.run(`INSERT INTO sms_part (${Object.keys(row).join(', ')}) VALUES (?)`, [Object.values(row)]);
        return { row, fresh: true };
      } catch (error) {
        if (!isDuplicateKey(error)) throw error; // else another process was first: look again
      }
    }
  }

  /** Of one message, those that belong to none yet, oldest first. */
  async open(groupKey: string, since: Date): Promise<PartRow[]> {
    const sql = `SELECT * FROM sms_part WHERE group_key = ? AND received_at >= ? AND message_id IS NULL
      ORDER BY received_at, fingerprint, n`;
    return this.rows(sql, [groupKey, since]);
  }

  /** Parts that have waited too long for the others, or for a process that died. */
  stale(before: Date, limit: number): Promise<PartRow[]> {
    const sql = `SELECT * FROM sms_part FORCE INDEX (sms_part_open) WHERE message_id IS NULL AND received_at < ?
      ORDER BY received_at LIMIT ?`;
    return this.rows(sql, [before, limit]);
  }

  async joined(rows: readonly PartRow[], messageId: string): Promise<void> {
    const sql = 'UPDATE sms_part SET message_id = ? WHERE fingerprint = ? AND n = ?';
    for (const { fingerprint, n } of rows) await this.db.run(sql, [messageId, fingerprint, n]);
  }

  /** What is brought again comes within hours; after days nobody asks whether it was here. */
  async forget(): Promise<void> {
    const sql = `DELETE FROM sms_part WHERE message_id IS NOT NULL AND received_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY
      LIMIT 10000`;
    await this.db.run(sql, [KEPT_DAYS]);
  }

  private async latest(fingerprint: string): Promise<PartRow | undefined> {
    return (await this.rows('SELECT * FROM sms_part WHERE fingerprint = ? ORDER BY n DESC LIMIT 1', [fingerprint]))[0];
  }

  private async rows(sql: string, params: readonly unknown[]): Promise<PartRow[]> {
    const rows = (await this.db.select(sql, params)) as unknown as PartRow[];
    const whole = (row: PartRow, name: 'n' | 'part_no' | 'part_count' | 'data_coding' | 'sequence') =>
      Number(row[name]);
    return rows.map((row) => ({
      ...row,
      n: whole(row, 'n'),
      part_no: whole(row, 'part_no'),
      part_count: whole(row, 'part_count'),
      data_coding: whole(row, 'data_coding'),
      sequence: whole(row, 'sequence'),
    }));
  }
}

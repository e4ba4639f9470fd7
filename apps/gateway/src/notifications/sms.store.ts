import { Inject, Injectable } from '@nestjs/common';
import { isDuplicateKey, type Db } from '@yidian/database';
import type { Statement } from '@yidian/journal';
import { DB } from '../platform';

export interface SmsRow {
  id: string;
  template: string;
  to_masked: string;
  to_blind: string;
  to_sealed: string;
  text_sealed: string;
  payment_no: string | null;
  state: 'new' | 'sent' | 'failed';
  tries: number;
  due_at: Date | null;
  created_at: Date;
  sent_at: Date | null;
}

/** For writing beside what caused the messages, in the same transaction. */
export function smsInsert(rows: readonly SmsRow[]): Statement[] {
  const first = rows[0];
  if (!first) return [];
  const columns = Object.keys(first);
  const values = rows.map((row) => columns.map((column) => (row as unknown as Record<string, unknown>)[column]));
  return [{ sql: `INSERT INTO sms_message (${columns.join(', ')}) VALUES ?`, params: [values] }];
}

@Injectable()
export class SmsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** @returns false when a message of this id is there already */
  async add(row: SmsRow): Promise<boolean> {
    try {
      for (const { sql, params } of smsInsert([row])) await this.db.run(sql, params);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async due(limit: number): Promise<SmsRow[]> {
    const sql = `SELECT * FROM sms_message FORCE INDEX (sms_message_due)
      WHERE state = 'new' AND due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT ?`;
    return (await this.db.select(sql, [limit])) as unknown as SmsRow[];
  }

  /** Claim by moving the date. */
  async claim(row: SmsRow, next: Date): Promise<boolean> {
    const sql = "UPDATE sms_message SET due_at = ?, tries = tries + 1 WHERE id = ? AND state = 'new' AND due_at = ?";
    return (await this.db.run(sql, [next, row.id, row.due_at])) === 1;
  }

  async finish(id: string, state: 'sent' | 'failed'): Promise<void> {
    const sql = 'UPDATE sms_message SET state = ?, due_at = NULL, sent_at = UTC_TIMESTAMP(3) WHERE id = ?';
    await this.db.run(sql, [state, id]);
  }

  /** Messages to a number, newest first. */
  async forNumber(blind: string, limit: number): Promise<SmsRow[]> {
    const sql = 'SELECT * FROM sms_message WHERE to_blind = ? ORDER BY created_at DESC LIMIT ?';
    return (await this.db.select(sql, [blind, limit])) as unknown as SmsRow[];
  }
}

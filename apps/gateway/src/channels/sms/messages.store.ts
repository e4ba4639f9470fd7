import { Inject, Injectable } from '@nestjs/common';
import { isDuplicateKey, type Db } from '@yidian/database';
import { DB } from '../../platform';

export interface MessageRow {
  id: string;
  from_blind: string;
  from_masked: string;
  from_sealed: string;
  text_sealed: string;
  command: string;
  state: 'new' | 'done';
  payment_no: string | null;
  tries: number;
  due_at: Date | null;
  received_at: Date;
}

/** Messages from phones, once per id. */
@Injectable()
export class MessagesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** @returns false when the message centre has brought it before */
  async keep(row: MessageRow): Promise<boolean> {
    try {
      await this.db.run(`INSERT INTO sms_inbound (${Object.keys(row).join(', ')}) VALUES (?)`, [Object.values(row)]);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async due(limit: number): Promise<MessageRow[]> {
    const sql = `SELECT * FROM sms_inbound FORCE INDEX (sms_inbound_due)
      WHERE state = 'new' AND due_at <= NOW(3) ORDER BY due_at LIMIT ?`;
    return (await this.db.select(sql, [limit])) as unknown as MessageRow[];
  }

  async find(id: string): Promise<MessageRow | undefined> {
    return ((await this.db.select('SELECT * FROM sms_inbound WHERE id = ?', [id])) as unknown as MessageRow[])[0];
  }

  /** Claim by moving the date: whoever matches works on it, and after that date somebody else may. */
  async claim(row: MessageRow, until: Date): Promise<boolean> {
    const sql = "UPDATE sms_inbound SET due_at = ?, tries = tries + 1 WHERE id = ? AND state = 'new' AND due_at = ?";
    return (await this.db.run(sql, [until, row.id, row.due_at])) === 1;
  }

  async again(id: string, dueAt: Date): Promise<void> {
    await this.db.run("UPDATE sms_inbound SET due_at = ? WHERE id = ? AND state = 'new'", [dueAt, id]);
  }

  async finish(id: string, paymentNo: string | null): Promise<void> {
    const sql = "UPDATE sms_inbound SET state = 'done', due_at = NULL, payment_no = ? WHERE id = ?";
    await this.db.run(sql, [paymentNo, id]);
  }
}

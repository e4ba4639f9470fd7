import { Inject, Injectable } from '@nestjs/common';
import { isDuplicateKey, type Db } from '@yidian/database';
import { DB } from '../../platform';

export interface InboundRow {
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

export interface DialogueRow {
  number_blind: string;
  code: string;
  kind: 'confirm' | 'choice';
  payload_sealed: string;
  expires_at: Date;
  used_by: string | null;
  created_at: Date;
}

/** Messages from phones, once per id, and the questions we have asked them. */
@Injectable()
export class SmsInboxStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** @returns false when the message centre has brought it before */
  async keep(row: InboundRow): Promise<boolean> {
    try {
      await this.db.run(`INSERT INTO sms_inbound (${Object.keys(row).join(', ')}) VALUES (?)`, [Object.values(row)]);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async due(limit: number): Promise<InboundRow[]> {
    const sql = `SELECT * FROM sms_inbound FORCE INDEX (sms_inbound_due)
      WHERE state = 'new' AND due_at <= NOW(3) ORDER BY due_at LIMIT ?`;
    return (await this.db.select(sql, [limit])) as unknown as InboundRow[];
  }

  async find(id: string): Promise<InboundRow | undefined> {
    return ((await this.db.select('SELECT * FROM sms_inbound WHERE id = ?', [id])) as unknown as InboundRow[])[0];
  }

  /** Claim by moving the date. */
  async claim(row: InboundRow, next: Date | null): Promise<boolean> {
    const sql = "UPDATE sms_inbound SET due_at = ?, tries = tries + 1 WHERE id = ? AND state = 'new' AND due_at = ?";
    return (await this.db.run(sql, [next, row.id, row.due_at])) === 1;
  }

  async finish(id: string, paymentNo: string | null): Promise<void> {
    await this.db.run("UPDATE sms_inbound SET state = 'done', due_at = NULL, payment_no = ? WHERE id = ?", [
      paymentNo,
      id,
    ]);
  }

  /** A question replaces an older one under the same code. */
  async ask(row: DialogueRow): Promise<void> {
    await this.db.run(
      `INSERT INTO sms_dialogue (${Object.keys(row).join(', ')}) VALUES (?) ON DUPLICATE KEY UPDATE kind = VALUES(kind),
        payload_sealed = VALUES(payload_sealed), expires_at = VALUES(expires_at), used_by = NULL, created_at = VALUES(created_at)`,
      [Object.values(row)],
    );
  }

  /** An answer counts once; the message that used it may take it up again after a crash. */
  async answer(numberBlind: string, code: string, messageId: string): Promise<DialogueRow | undefined> {
    const key = 'number_blind = ? AND code = ?';
    const matched = await this.db.run(
      `UPDATE sms_dialogue SET used_by = ? WHERE ${key} AND expires_at > NOW(3) AND (used_by IS NULL OR used_by = ?)`,
      [messageId, numberBlind, code, messageId],
    );
    if (matched !== 1) return undefined;
    const rows = await this.db.select(`SELECT * FROM sms_dialogue WHERE ${key}`, [numberBlind, code]);
    return (rows as unknown as DialogueRow[])[0];
  }
}

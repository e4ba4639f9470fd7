import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../../platform';

export interface QuestionRow {
  number_blind: string;
  /** What the answer will be: four figures, or the 1 or 2 of a choice. */
  code: string;
  kind: 'confirm' | 'choice';
  payload_sealed: string;
  expires_at: Date;
  /** The message that answered it. */
  used_by: string | null;
  created_at: Date;
}

/** A wish of a number: who came with it first, for how long nobody else may. Its code is eight letters, so no reply. */
export interface Wish {
  numberBlind: string;
  code: string;
  messageId: string;
  windowMs: number;
}

/** What is going on between us and a number: questions that wait for a reply, and orders given a moment ago. */
@Injectable()
export class DialoguesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** A question replaces an older one under the same code. */
  async ask(row: QuestionRow): Promise<void> {
    await this.db.run(
      `INSERT INTO sms_dialogue (${Object.keys(row).join(', ')}) VALUES (?) ON DUPLICATE KEY UPDATE kind = VALUES(kind),
        payload_sealed = VALUES(payload_sealed), expires_at = VALUES(expires_at), used_by = NULL,
        created_at = VALUES(created_at)`,
      [Object.values(row)],
    );
  }

  /** An answer counts once, and to a choice only one; the message that gave it may take it up again after a crash. */
  answer(numberBlind: string, code: string, messageId: string): Promise<QuestionRow | undefined> {
    return this.db.transaction(async (tx) => {
      const rows = (await tx.select(
        `SELECT * FROM sms_dialogue WHERE number_blind = ? AND kind IN ('confirm', 'choice') ORDER BY code FOR UPDATE`,
        [numberBlind],
      )) as unknown as QuestionRow[];
      const row = rows.find((one) => one.code === code && one.expires_at.getTime() > Date.now());
      if (!row || (row.used_by !== null && row.used_by !== messageId)) return undefined;
      const ended = row.kind === 'choice' ? rows.filter((one) => one.kind === 'choice') : [row];
      const sql = 'UPDATE sms_dialogue SET used_by = ? WHERE number_blind = ? AND code IN (?)';
      await tx.run(sql, [messageId, numberBlind, ended.map((one) => one.code)]);
      return row;
    });
  }

  /** One statement decides between two messages at the same time. @returns the message that has the window */
  async enter({ numberBlind, code, messageId, windowMs }: Wish): Promise<string> {
    const over = 'expires_at <= VALUES(created_at)';
    await this.db.run('DELETE FROM sms_dialogue WHERE number_blind = ? AND expires_at < NOW(3) - INTERVAL 1 DAY', [
      numberBlind,
    ]);
    await this.db.run(
      `INSERT INTO sms_dialogue (number_blind, code, kind, payload_sealed, expires_at, used_by, created_at)
        VALUES (?, ?, 'window', '', NOW(3) + INTERVAL ? MICROSECOND, ?, NOW(3))
        ON DUPLICATE KEY UPDATE used_by = IF(${over}, VALUES(used_by), used_by),
          created_at = IF(${over}, VALUES(created_at), created_at),
          expires_at = IF(${over}, VALUES(expires_at), expires_at)`,
      [numberBlind, code, windowMs * 1000, messageId],
    );
    const rows = await this.db.select<{ used_by: string }>(
      'SELECT used_by FROM sms_dialogue WHERE number_blind = ? AND code = ?',
      [numberBlind, code],
    );
    return rows[0]?.used_by ?? messageId;
  }

  /** After the first came to nothing. @returns whether this message has the window now */
  async takeOver({ numberBlind, code, messageId, windowMs }: Wish, first: string): Promise<boolean> {
    const sql = `UPDATE sms_dialogue SET used_by = ?, created_at = NOW(3), expires_at = NOW(3) + INTERVAL ? MICROSECOND
      WHERE number_blind = ? AND code = ? AND used_by = ?`;
    return (await this.db.run(sql, [messageId, windowMs * 1000, numberBlind, code, first])) === 1;
  }
}

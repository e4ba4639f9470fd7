import { Inject, Injectable } from '@nestjs/common';
import type { Row } from '@yidian/database';
import { DB, type Db } from '../platform';

export interface CodeRow {
  codeHash: string;
  tries: number;
  sent: number;
  windowFrom: Date;
  sentAt: Date;
  expiresAt: Date;
}

@Injectable()
export class CustomerCodesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Decides on the row while it is locked: two requests at the same time count twice. */
  async replace(blind: string, decide: (before: CodeRow | undefined) => CodeRow): Promise<void> {
    await this.db.transaction(async (tx) => {
      const [row] = await tx.select('SELECT * FROM portal_code WHERE msisdn_blind = ? FOR UPDATE', [blind]);
      const next = decide(row && codeOf(row));
      await tx.run(
        `INSERT INTO portal_code (msisdn_blind, code_hash, tries, sent, window_from, sent_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE code_hash = VALUES(code_hash), tries = VALUES(tries), sent = VALUES(sent),
           window_from = VALUES(window_from), sent_at = VALUES(sent_at), expires_at = VALUES(expires_at)`,
        [blind, next.codeHash, next.tries, next.sent, next.windowFrom, next.sentAt, next.expiresAt],
      );
    });
  }

  /** Counts a try before the code is looked at, so that tries in parallel cannot exceed the limit. */
  async countTry(blind: string, now: Date, maxTries: number): Promise<boolean> {
    const sql = 'UPDATE portal_code SET tries = tries + 1 WHERE msisdn_blind = ? AND expires_at > ? AND tries < ?';
    return (await this.db.run(sql, [blind, now, maxTries])) === 1;
  }

  /** True once: the code is used up by it. */
  async use(blind: string, codeHash: string, now: Date): Promise<boolean> {
    const sql = 'UPDATE portal_code SET expires_at = ? WHERE msisdn_blind = ? AND code_hash = ? AND expires_at > ?';
    return (await this.db.run(sql, [now, blind, codeHash, now])) === 1;
  }
}

function codeOf(row: Row): CodeRow {
  return {
    codeHash: String(row['code_hash']),
    tries: row['tries'] as number,
    sent: row['sent'] as number,
    windowFrom: row['window_from'] as Date,
    sentAt: row['sent_at'] as Date,
    expiresAt: row['expires_at'] as Date,
  };
}

import { Inject, Injectable } from '@nestjs/common';
import type { SignOffReply } from '@yidian/contracts';
import { isDuplicateKey, type Db } from '@yidian/database';
import { DB } from '../reconciliation.config';

@Injectable()
export class SignOffsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async get(date: string): Promise<{ actor: string; checks: SignOffReply['checks'] } | null> {
    const [row] = await this.db.select<{ actor: string; checks: string }>(
      'SELECT actor, checks FROM day_sign_off WHERE date = ?',
      [date],
    );
    return row ? { actor: row.actor, checks: JSON.parse(row.checks) as SignOffReply['checks'] } : null;
  }

  /** False when the date has been signed meanwhile. */
  async add(date: string, actor: string, checks: SignOffReply['checks']): Promise<boolean> {
    try {
      await this.db.run('INSERT INTO day_sign_off (date, actor, checks, signed_at) VALUES (?, ?, ?, NOW(3))', [
        date,
        actor,
        JSON.stringify(checks),
      ]);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async signed(dates: readonly string[]): Promise<Set<string>> {
    if (dates.length === 0) return new Set();
    const rows = await this.db.select<{ date: string }>('SELECT date FROM day_sign_off WHERE date IN (?)', [dates]);
    return new Set(rows.map((row) => row.date));
  }
}

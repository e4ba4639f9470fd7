import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../resources/db';

/** A ported number whose day has come, and who holds it. */
export interface PendingPort extends Record<string, unknown> {
  msisdn: string;
  branch: string | null;
  from: string;
  version: number;
  /** Over already. */
  ended: number;
  /** Branch of the holder; null: nobody holds it. */
  holder: string | null;
  statusAt: Date | null;
}

@Injectable()
export class PendingPortsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  due(today: string, limit: number): Promise<PendingPort[]> {
    return this.db.select<PendingPort>(
      `SELECT p.msisdn, p.branch, p.valid_from AS \`from\`, p.version,
        CASE WHEN p.valid_to IS NOT NULL AND p.valid_to <= ? THEN 1 ELSE 0 END AS ended,
        o.branch AS holder, s.status_at AS statusAt
       FROM ported_number p FORCE INDEX (ported_number_pending)
       LEFT JOIN number_owner o ON o.msisdn = p.msisdn AND o.is_open = 1
       LEFT JOIN subscriber s ON s.id = o.subscriber_id
       WHERE p.pending = 1 AND p.valid_from <= ? ORDER BY p.valid_from LIMIT ?`,
      [today, today, limit],
    );
  }

  async done({ msisdn, from, version }: PendingPort): Promise<void> {
    await this.db.run('UPDATE ported_number SET pending = 0 WHERE msisdn = ? AND valid_from = ? AND version = ?', [
      msisdn,
      from,
      version,
    ]);
  }
}

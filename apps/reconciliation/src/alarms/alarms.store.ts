import { createHash, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Db, Row } from '@yidian/database';
import { DB } from '../reconciliation.config';

export interface Alarm {
  kind: string;
  provider: string;
  date: string | null;
  detail: string;
}

@Injectable()
export class AlarmsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async add(alarm: Alarm): Promise<void> {
    await this.db.run('INSERT INTO alarm (id, kind, provider, date, detail, at) VALUES (?, ?, ?, ?, ?, NOW(3))', [
      randomUUID(),
      alarm.kind,
      alarm.provider,
      alarm.date,
      alarm.detail.slice(0, 600),
    ]);
  }

  /** Once per key: what was raised before is not raised again. False: it was. */
  async addOnce(key: string, alarm: Alarm): Promise<boolean> {
    const id = createHash('sha256').update(key).digest('hex').slice(0, 36);
    const { kind, provider, date, detail } = alarm;
    const added = await this.db.run(
      `INSERT INTO alarm (id, kind, provider, date, detail, at) SELECT ?, ?, ?, ?, ?, NOW(3) FROM DUAL
       WHERE NOT EXISTS (SELECT 1 FROM alarm WHERE id = ?)`,
      [id, kind, provider, date, detail.slice(0, 600), id],
    );
    return added === 1;
  }

  /** Of a range of business dates, newest first. */
  between(from: string, to: string, limit: number): Promise<(Alarm & { at: Date })[]> {
    return this.db.select<Alarm & { at: Date } & Row>(
      'SELECT kind, provider, date, detail, at FROM alarm WHERE date BETWEEN ? AND ? ORDER BY at DESC, id LIMIT ?',
      [from, to, limit],
    );
  }

  of(date: string): Promise<{ kind: string; provider: string; detail: string }[]> {
    return this.db.select('SELECT kind, provider, detail FROM alarm WHERE date = ? ORDER BY at, id LIMIT 1000', [date]);
  }
}

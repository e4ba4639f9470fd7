import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
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

  of(date: string): Promise<{ kind: string; provider: string; detail: string }[]> {
    return this.db.select('SELECT kind, provider, detail FROM alarm WHERE date = ? ORDER BY at, id LIMIT 1000', [date]);
  }
}

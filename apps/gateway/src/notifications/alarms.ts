import { Inject, Injectable } from '@nestjs/common';
import { isDuplicateKey } from '@yidian/database';
import { DB, LOGGER, type Db, type Logger } from '../platform';

export interface Alarm {
  kind: string;
  /** What it is about, such as `webhook_endpoint/whe_…`. */
  object: string;
  /** Tells two alarms about one thing apart: a date, a version. The same one twice is one. */
  occasion: string;
  /** No full number, account or key. */
  detail: string;
}
export type AlarmRow = Alarm & { at: Date };

/** Something the carrier's people must hear of: a row that the console shows, and a line in the log. */
@Injectable()
export class Alarms {
  constructor(
    @Inject(DB) private readonly db: Db,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async raise({ kind, object, occasion, detail }: Alarm): Promise<void> {
    try {
      await this.db.run(
        'INSERT INTO operator_alarm (kind, object, occasion, detail, at) VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3))',
        [kind, object, occasion, detail.slice(0, 600)],
      );
    } catch (error) {
      if (isDuplicateKey(error)) return; // raised before
      throw error;
    }
    this.logger.error({ alarm: kind, object, occasion }, detail);
  }

  async has(kind: string, object: string, occasion: string): Promise<boolean> {
    const sql = 'SELECT 1 FROM operator_alarm WHERE kind = ? AND object = ? AND occasion = ?';
    return (await this.db.select(sql, [kind, object, occasion])).length > 0;
  }

  async latest(limit: number): Promise<AlarmRow[]> {
    const sql = 'SELECT kind, object, occasion, detail, at FROM operator_alarm ORDER BY at DESC, kind, object LIMIT ?';
    return (await this.db.select(sql, [limit])) as unknown as AlarmRow[];
  }
}

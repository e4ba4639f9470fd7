import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../platform';
import type { Language } from './sms-templates';

export interface LanguageRow {
  number_blind: string;
  language: Language;
  /** 1: asked for in so many words; 0: the language that its owner writes in. */
  chosen: number;
  changed_at: Date;
}

@Injectable()
export class LanguagesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async changedSince(since: Date): Promise<LanguageRow[]> {
    const sql =
      'SELECT * FROM text_language FORCE INDEX (text_language_changed) WHERE changed_at >= ? ORDER BY changed_at';
    return (await this.db.select(sql, [since])) as unknown as LanguageRow[];
  }

  /** What was chosen gives way to a choice only. */
  async put({ number_blind, language, chosen }: Omit<LanguageRow, 'changed_at'>): Promise<void> {
    await this.db.run(
      `INSERT INTO text_language (number_blind, language, chosen, changed_at) VALUES (?, ?, ?, UTC_TIMESTAMP(3))
        ON DUPLICATE KEY UPDATE language = IF(chosen > VALUES(chosen), language, VALUES(language)),
          chosen = GREATEST(chosen, VALUES(chosen)), changed_at = VALUES(changed_at)`,
      [number_blind, language, chosen],
    );
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../platform';
import type { Language, SmsCode } from './sms-templates';

export interface BranchTextRow {
  branch: string;
  code: SmsCode;
  language: Language;
  text: string;
  saved_by: string;
  saved_at: Date;
}

@Injectable()
export class BranchTextsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async all(): Promise<BranchTextRow[]> {
    const sql = 'SELECT * FROM branch_text ORDER BY branch, code, language';
    return (await this.db.select(sql, [])) as unknown as BranchTextRow[];
  }

  async put({ branch, code, language, text, saved_by }: Omit<BranchTextRow, 'saved_at'>): Promise<void> {
    await this.db.run(
      `INSERT INTO branch_text (branch, code, language, text, saved_by, saved_at)
        VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3))
        ON DUPLICATE KEY UPDATE text = VALUES(text), saved_by = VALUES(saved_by), saved_at = VALUES(saved_at)`,
      [branch, code, language, text, saved_by],
    );
  }

  async remove(branch: string, code: SmsCode, language: Language): Promise<void> {
    await this.db.run('DELETE FROM branch_text WHERE branch = ? AND code = ? AND language = ?', [
      branch,
      code,
      language,
    ]);
  }
}

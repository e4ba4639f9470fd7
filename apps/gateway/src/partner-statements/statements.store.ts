import { Inject, Injectable } from '@nestjs/common';
import { DB, type Db } from '../platform';

export interface ReadyRow {
  provider: string;
  book_date: string;
  line_count: number;
  amount: bigint;
  sha256: string;
}

@Injectable()
export class StatementsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Frozen dates of collecting partners whose statement has not been made yet. */
  async missing(): Promise<{ provider: string; book_date: string }[]> {
    return (await this.db.select(
      `SELECT c.provider, c.book_date FROM book_cut c JOIN provider p ON p.code = c.provider AND p.kind = 'partner'
        LEFT JOIN partner_statement s ON s.provider = c.provider AND s.book_date = c.book_date
        WHERE c.state = 'frozen' AND s.provider IS NULL ORDER BY c.book_date, c.provider LIMIT 20`,
    )) as unknown as { provider: string; book_date: string }[];
  }

  async add(row: ReadyRow): Promise<void> {
    await this.db.run(
      `INSERT INTO partner_statement (provider, book_date, line_count, amount, sha256, told, created_at)
        VALUES (?, ?, ?, ?, ?, 0, UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE told = told`,
      [row.provider, row.book_date, row.line_count, row.amount, row.sha256],
    );
  }

  async untold(): Promise<ReadyRow[]> {
    const sql = `SELECT provider, book_date, line_count, amount, sha256 FROM partner_statement WHERE told = 0
      ORDER BY book_date, provider LIMIT 100`;
    return (await this.db.select(sql)) as unknown as ReadyRow[];
  }

  async told({ provider, book_date: date }: ReadyRow): Promise<void> {
    await this.db.run('UPDATE partner_statement SET told = 1 WHERE provider = ? AND book_date = ?', [provider, date]);
  }

  async partnersOf(provider: string): Promise<string[]> {
    const rows = await this.db.select<{ id: string }>('SELECT id FROM partner WHERE provider = ? ORDER BY id', [
      provider,
    ]);
    return rows.map((row) => row.id);
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../platform';

export interface ProviderRow {
  code: string;
  name_zh: string;
  name_en: string;
  kind: 'bank' | 'partner';
  connector: string;
  first_business_date: string;
  profile: string;
  state: 'open' | 'stopped';
}

@Injectable()
export class ProvidersStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Connection data follows the carrier's profile; whether a provider is stopped stays as operations left it. */
  async upsert(row: ProviderRow, now: Date): Promise<void> {
    const columns = { ...row, created_at: now };
    const follow = Object.keys(row).filter((name) => !['code', 'state', 'first_business_date'].includes(name));
    await this.db.run(
      `INSERT INTO provider (${Object.keys(columns).join(', ')}) VALUES (?)
        ON DUPLICATE KEY UPDATE ${follow.map((name) => `${name} = VALUES(${name})`).join(', ')}`,
      [Object.values(columns)],
    );
  }

  async all(): Promise<ProviderRow[]> {
    return (await this.db.select('SELECT * FROM provider ORDER BY code')) as unknown as ProviderRow[];
  }
}

import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../reconciliation.config';

/** The key of this installation's hashes: its books, its runs and its sealed lines must agree on it for ever. */
@Injectable()
export class HashKeyStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** 16 bytes, hex; made by who asks first. */
  async get(): Promise<string> {
    const read = () => this.db.select<{ hash_key: string }>('SELECT hash_key FROM match_key WHERE id = 1');
    const [known] = await read();
    if (known) return known.hash_key;
    const fresh = randomBytes(16).toString('hex');
    await this.db.run('INSERT IGNORE INTO match_key (id, hash_key) VALUES (1, ?)', [fresh]);
    const [row] = await read();
    if (!row) throw new Error('the key of the hashes is gone');
    return row.hash_key;
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { Db, Row } from '@yidian/database';
import { DB } from '../resources/db';

/** Whom a province knows by number and name, and we by an id that outlives both. */
export interface PartyRow extends Row {
  id: string;
  msisdn: string;
  /** Masked. */
  owner: string;
}

@Injectable()
export class PartiesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async find(ids: readonly string[]): Promise<Map<string, PartyRow>> {
    const rows = await this.db.select<PartyRow>('SELECT id, msisdn, owner FROM subscriber WHERE id IN (?)', [
      [...new Set(ids)],
    ]);
    return new Map(rows.map((row) => [row.id, row]));
  }
}

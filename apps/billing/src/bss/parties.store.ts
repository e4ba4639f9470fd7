import { Inject, Injectable } from '@nestjs/common';
import type { Db, Row } from '@yidian/database';
import { DB } from '../resources/db';
import type { LifeState } from '../subscribers/life-cycle';

/** Whom a province knows by number and name, and we by an id that outlives both. */
export interface PartyRow extends Row {
  id: string;
  msisdn: string;
  /** Masked. */
  owner: string;
}

/** A number with who holds it, as we have it. */
export interface HeldNumber {
  subscriberId: string;
  msisdn: string;
  /** Masked. */
  owner: string;
  status: LifeState;
}

/** Numbers of a branch; `next`: where the next page begins, null behind the last. */
export interface HeldPage {
  held: HeldNumber[];
  next: string | null;
}

const NOW = 'JOIN number_owner o ON o.msisdn = s.msisdn AND o.subscriber_id = s.id AND o.is_open = 1';
const HELD = 'SELECT s.id AS subscriberId, s.msisdn, s.owner, s.status FROM subscriber s';

@Injectable()
export class PartiesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async find(ids: readonly string[]): Promise<Map<string, PartyRow>> {
    const rows = await this.db.select<PartyRow>('SELECT id, msisdn, owner FROM subscriber WHERE id IN (?)', [
      [...new Set(ids)],
    ]);
    return new Map(rows.map((row) => [row.id, row]));
  }
  /** Of a branch, by id. */
  async held(branch: string, ids: readonly string[]): Promise<HeldNumber[]> {
    if (ids.length === 0) return [];
    return this.db.select<HeldNumber & Row>(`${HELD} WHERE s.id IN (?) AND s.branch = ? ORDER BY s.msisdn`, [
      [...new Set(ids)],
      branch,
    ]);
  }

  /** Those whose numbers the province credited on a date, by number, a page after the last one seen. */
  async creditedOn(branch: string, date: string, after: string, limit: number): Promise<HeldPage> {
    const numbers = await this.db.select<{ msisdn: string } & Row>(
      `SELECT DISTINCT msisdn FROM bss_order FORCE INDEX (bss_order_date)
       WHERE branch = ? AND their_date = ? AND kind = 'credit' AND msisdn > ? ORDER BY msisdn LIMIT ?`,
      [branch, date, after, limit],
    );
    const last = numbers.at(-1);
    if (!last) return { held: [], next: null };
    const held = await this.db.select<HeldNumber & Row>(
      `${HELD} ${NOW} WHERE s.msisdn IN (?) AND s.branch = ? ORDER BY s.msisdn`,
      [numbers.map(({ msisdn }) => msisdn), branch],
    );
    // A number that has left the branch since is not among them: the page is as long as the numbers credited.
    return { held, next: numbers.length < limit ? null : last.msisdn };
  }

  /** Every number that the branch has now, a page after the last one seen. */
  async heldAfter(branch: string, after: string, limit: number): Promise<HeldPage> {
    const held = await this.db.select<HeldNumber & Row>(
      `${HELD} ${NOW} WHERE s.branch = ? AND s.msisdn > ? ORDER BY s.msisdn LIMIT ?`,
      [branch, after, limit],
    );
    return { held, next: held.length < limit ? null : (held.at(-1)?.msisdn ?? null) };
  }
}

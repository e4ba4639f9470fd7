import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../resources/db';
import { prefixesOf, prefixOf, routeOf, type Route } from './routing';

/** How a number came to route to the branch that registers it. */
export type Assignment = 'known' | 'segment_opened' | 'ported';

const IN_FORCE = 'valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)';

@Injectable()
export class RoutesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /**
   * Who serves each number on a date (Asia/Shanghai): a branch, or null for another carrier; numbers that nobody serves are
   * left out. One read, by the primary keys of both tables.
   */
  async routes(
    msisdns: readonly string[],
    date: string,
    from: Queryable = this.db,
  ): Promise<Map<string, string | null>> {
    if (msisdns.length === 0) return new Map();
    const rows = await from.select<Route & Record<string, unknown>>(
      `SELECT msisdn AS id, branch, valid_from AS \`from\`, version FROM ported_number FORCE INDEX (PRIMARY)
        WHERE msisdn IN (?) AND ${IN_FORCE}
       UNION ALL
       SELECT prefix, branch, valid_from, version FROM segment FORCE INDEX (PRIMARY) WHERE prefix IN (?) AND ${IN_FORCE}`,
      [msisdns, date, date, [...new Set(msisdns.flatMap(prefixesOf))], date, date],
    );
    const byId = new Map<string, Route[]>();
    for (const row of rows) byId.set(row.id, [...(byId.get(row.id) ?? []), row]);
    const found = new Map<string, string | null>();
    for (const msisdn of msisdns) {
      const branch = routeOf(msisdn, byId);
      if (branch !== undefined) found.set(msisdn, branch);
    }
    return found;
  }

  /** The same, only numbers that a branch of ours serves. */
  async homes(msisdns: readonly string[], date: string, from: Queryable = this.db): Promise<Map<string, string>> {
    const routes = await this.routes(msisdns, date, from);
    return new Map([...routes].flatMap(([msisdn, branch]) => (branch === null ? [] : [[msisdn, branch] as const])));
  }

  /**
   * Makes a number route to a branch from a date on: opens its segment when no branch has it, ports the number when
   * another branch has. The segment is read again after it was opened: somebody else may have been faster.
   */
  async assign(tx: Queryable, msisdn: string, branch: string, date: string): Promise<Assignment> {
    const known = (await this.routes([msisdn], date, tx)).get(msisdn);
    if (known === branch) return 'known';
    if (known === undefined) {
      await tx.run(
        `INSERT INTO segment (prefix, valid_from, valid_to, branch, carrier, version) VALUES (?, ?, NULL, ?, 0, 0)
         ON DUPLICATE KEY UPDATE branch = branch`,
        [prefixOf(msisdn), date, branch],
      );
      if ((await this.routes([msisdn], date, tx)).get(msisdn) === branch) return 'segment_opened';
    }
    await this.port(tx, msisdn, branch, date);
    return 'ported';
  }

  /** What stood before ends on the day; it stays as what was true until then. */
  private async port(tx: Queryable, msisdn: string, branch: string, date: string): Promise<void> {
    await tx.run(
      `UPDATE ported_number SET valid_to = GREATEST(valid_from, ?), pending = 0
       WHERE msisdn = ? AND (valid_to IS NULL OR valid_to > ?) AND NOT (version = 0 AND valid_from = ?)`,
      [date, msisdn, date, date],
    );
    await tx.run(
      `INSERT INTO ported_number (msisdn, valid_from, valid_to, branch, version, pending) VALUES (?, ?, NULL, ?, 0, 0)
       ON DUPLICATE KEY UPDATE branch = VALUES(branch), valid_to = NULL`,
      [msisdn, date, branch],
    );
  }
}

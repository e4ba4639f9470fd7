import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../resources/db';
import { homeBranch, prefixOf, type DatedRoute } from './routing';

interface RouteRow extends Record<string, unknown> {
  id: string;
  from: string;
  until: string | null;
  branch: string;
}

/** How a number came to route to the branch that registers it. */
export type Assignment = 'known' | 'segment_opened' | 'ported';

@Injectable()
export class RoutesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Home branch per number on a date (Asia/Shanghai); numbers that no branch serves are left out. */
  async homes(msisdns: readonly string[], date: string, from: Queryable = this.db): Promise<Map<string, string>> {
    const ported = group(
      await from.select<RouteRow>(
        'SELECT msisdn AS id, effective_from AS `from`, effective_to AS until, branch FROM ported_number WHERE msisdn IN (?)',
        [msisdns],
      ),
    );
    const segments = group(
      await from.select<RouteRow>(
        'SELECT prefix AS id, effective_from AS `from`, effective_to AS until, branch FROM segment WHERE prefix IN (?)',
        [[...new Set(msisdns.map(prefixOf))]],
      ),
    );
    const homes = new Map<string, string>();
    for (const msisdn of msisdns) {
      const branch = homeBranch(ported.get(msisdn) ?? [], segments.get(prefixOf(msisdn)) ?? [], date);
      if (branch !== null) homes.set(msisdn, branch);
    }
    return homes;
  }

  /**
   * Makes a number route to a branch from a date on: opens its segment when no branch has it, ports the number when
   * another branch has. The segment is read again after it was opened: somebody else may have been faster.
   */
  async assign(tx: Queryable, msisdn: string, branch: string, date: string): Promise<Assignment> {
    const known = (await this.homes([msisdn], date, tx)).get(msisdn);
    if (known === branch) return 'known';
    if (known === undefined) {
      await tx.run(
        'INSERT INTO segment (prefix, effective_from, effective_to, branch) VALUES (?, ?, NULL, ?) ON DUPLICATE KEY UPDATE branch = branch',
        [prefixOf(msisdn), date, branch],
      );
      if ((await this.homes([msisdn], date, tx)).get(msisdn) === branch) return 'segment_opened';
    }
    await tx.run(
      'INSERT INTO ported_number (msisdn, effective_from, effective_to, branch) VALUES (?, ?, NULL, ?) ON DUPLICATE KEY UPDATE branch = VALUES(branch), effective_to = NULL',
      [msisdn, date, branch],
    );
    return 'ported';
  }
}

function group(rows: readonly RouteRow[]): Map<string, DatedRoute[]> {
  const routes = new Map<string, DatedRoute[]>();
  for (const { id, from, until, branch } of rows) routes.set(id, [...(routes.get(id) ?? []), { from, until, branch }]);
  return routes;
}

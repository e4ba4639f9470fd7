import { Inject, Injectable } from '@nestjs/common';
import type { Db, Row } from '@yidian/database';
import { DB } from '../resources/db';

/** How one branch keeps its subscribers' balances: `local`, in our own ledger, or `remote`, in a system of its own. */
export interface AdapterRow extends Row {
  branch: string;
  kind: 'local' | 'remote';
  baseUrl: string;
  /** JSON: `{keyId, alg, publicKeyPem}[]`. */
  theirKeys: string;
  /** ms an order may take before its outcome is unknown. */
  deadlineMs: number;
  /** ms a question about a number may take; then its balance is not shown. */
  lookupMs: number;
  /** Orders under way at once. */
  concurrency: number;
  /** Documented by the province: an order that it has not carried out so long after we sent it never will be. */
  maxDelayMs: number;
  /** Documented by the province: the same reference again has no second effect. */
  idempotent: boolean;
  /** Orders in a row without an answer after which it is left alone, and for how long (ms). */
  breakAfter: number;
  breakForMs: number;
}

const COLUMNS = `branch, kind, base_url AS baseUrl, their_keys AS theirKeys, deadline_ms AS deadlineMs,
  lookup_ms AS lookupMs, concurrency, max_delay_ms AS maxDelayMs, idempotent, break_after AS breakAfter,
  break_for_ms AS breakForMs`;

@Injectable()
export class AdaptersStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async all(): Promise<AdapterRow[]> {
    const rows = await this.db.select<AdapterRow & { idempotent: unknown }>(
      `SELECT ${COLUMNS} FROM bss_adapter ORDER BY branch`,
    );
    return rows.map((row) => ({ ...row, idempotent: Boolean(row.idempotent) }));
  }

  async put(row: AdapterRow, at: Date): Promise<void> {
    await this.db.run(
      `INSERT INTO bss_adapter (branch, kind, base_url, their_keys, deadline_ms, lookup_ms, concurrency, max_delay_ms,
         idempotent, break_after, break_for_ms, updated_at) VALUES ?
       ON DUPLICATE KEY UPDATE kind = VALUES(kind), base_url = VALUES(base_url), their_keys = VALUES(their_keys),
         deadline_ms = VALUES(deadline_ms), lookup_ms = VALUES(lookup_ms), concurrency = VALUES(concurrency),
         max_delay_ms = VALUES(max_delay_ms), idempotent = VALUES(idempotent), break_after = VALUES(break_after),
         break_for_ms = VALUES(break_for_ms), updated_at = VALUES(updated_at)`,
      [
        [
          [
            row.branch,
            row.kind,
            row.baseUrl,
            row.theirKeys,
            row.deadlineMs,
            row.lookupMs,
            row.concurrency,
            row.maxDelayMs,
            row.idempotent ? 1 : 0,
            row.breakAfter,
            row.breakForMs,
            at,
          ],
        ],
      ],
    );
  }
}

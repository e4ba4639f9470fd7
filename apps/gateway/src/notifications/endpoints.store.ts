import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import type { Statement } from '@yidian/journal';
import { DB } from '../platform';

export interface EndpointRow {
  id: string;
  partner: string;
  url: string;
  /** Ended by its partner for good; disabled by us, to be enabled again. */
  state: 'active' | 'disabled' | 'ended';
  created_at: Date;
  failing_since: Date | null;
  disabled_at: Date | null;
  /** Grows with every change of its state; partners are told of disablings up to `told_version`. */
  version: number;
}

/** Where events are sent. */
@Injectable()
export class EndpointsStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** An endpoint that the carrier's profile names; its address follows the profile, its state does not. */
  async upsert(id: string, partner: string, url: string): Promise<void> {
    await this.db.run(
      `INSERT INTO webhook_endpoint (id, partner, url, state, created_at) VALUES (?, ?, ?, 'active', UTC_TIMESTAMP(3))
        ON DUPLICATE KEY UPDATE url = VALUES(url)`,
      [id, partner, url],
    );
  }

  async find(id: string): Promise<EndpointRow | undefined> {
    const rows = await this.db.select('SELECT * FROM webhook_endpoint WHERE id = ?', [id]);
    return (rows as unknown as EndpointRow[])[0];
  }

  async list(partner: string | null): Promise<EndpointRow[]> {
    const where = partner === null ? '' : 'WHERE partner = ?';
    const sql = `SELECT * FROM webhook_endpoint ${where} ORDER BY partner, created_at, id LIMIT 1000`;
    return (await this.db.select(sql, partner === null ? [] : [partner])) as unknown as EndpointRow[];
  }

  async failing(id: string): Promise<void> {
    await this.db.run(
      'UPDATE webhook_endpoint SET failing_since = UTC_TIMESTAMP(3) WHERE id = ? AND failing_since IS NULL',
      [id],
    );
  }

  async reached(id: string): Promise<void> {
    await this.db.run('UPDATE webhook_endpoint SET failing_since = NULL WHERE id = ?', [id]);
  }

  /** Only one that nothing has reached since `before`. What waits for it waits on. */
  async disable(id: string, before: Date): Promise<boolean> {
    const sql = `UPDATE webhook_endpoint SET state = 'disabled', disabled_at = UTC_TIMESTAMP(3), version = version + 1
      WHERE id = ? AND state = 'active' AND failing_since <= ?`;
    return (await this.db.run(sql, [id, before])) === 1;
  }

  /** What waited is due at once and has all its tries again. */
  async enable(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const enabled = await tx.run(
        `UPDATE webhook_endpoint SET state = 'active', disabled_at = NULL, failing_since = NULL,
                told_version = version + 1, version = version + 1
          WHERE id = ? AND state = 'disabled'`,
        [id],
      );
      if (enabled !== 1) return; // it is active
      await tx.run(
        `UPDATE webhook_delivery SET due_at = UTC_TIMESTAMP(3), round_from = tries WHERE endpoint = ? AND state = 'new'`,
        [id],
      );
    });
  }

  async end(id: string): Promise<void> {
    await this.db.run(
      "UPDATE webhook_endpoint SET state = 'ended', told_version = version + 1, version = version + 1 WHERE id = ?",
      [id],
    );
  }

  /** Disabled, and its partner has not been told yet. */
  async untold(): Promise<EndpointRow[]> {
    const sql = "SELECT * FROM webhook_endpoint WHERE state = 'disabled' AND told_version < version";
    return (await this.db.select(sql)) as unknown as EndpointRow[];
  }

  async told({ id, version }: EndpointRow): Promise<void> {
    await this.db.run('UPDATE webhook_endpoint SET told_version = ? WHERE id = ? AND version = ?', [
      version,
      id,
      version,
    ]);
  }
}

export function insertEndpoint(id: string, partner: string, url: string): Statement {
  return {
    sql: `INSERT INTO webhook_endpoint (id, partner, url, state, created_at) VALUES (?, ?, ?, 'active', UTC_TIMESTAMP(3))`,
    params: [id, partner, url],
  };
}

import { Inject, Injectable } from '@nestjs/common';
import { isDuplicateKey, type Queryable } from '@yidian/database';
import type { ExposureBasis } from '../access';
import { exposureOwner, HELD } from '../payments/rule-create';
import { DB, type Db } from '../platform';

export interface ExposureRow {
  id: string;
  provider: string;
  exposure_basis: ExposureBasis;
  exposure_limit: bigint | null;
  received: bigint;
  /** Of a prefunded partner: what stood at its disposal after the latest deposit. */
  prefund_base: bigint;
  open_date: string;
  used: bigint;
}

export interface ChangeRow {
  id: string;
  partner: string;
  kind: 'deposit' | 'remittance' | 'limit';
  amount: bigint | null;
  basis: ExposureBasis | null;
  receipt: string;
  receipt_key: string | null;
  reason: string;
  state: 'proposed' | 'approved' | 'rejected';
  proposed_by: string;
  proposed_at: Date;
  decided_by: string | null;
  decided_at: Date | null;
  decision_reason: string;
}

export interface Decision {
  id: string;
  state: 'approved' | 'rejected';
  by: string;
  reason: string;
}

const EXPOSURES = `SELECT p.id, p.provider, p.exposure_basis, p.exposure_limit, p.received, p.prefund_base, d.open_date,
    COALESCE(u.used, 0) AS used
  FROM partner p JOIN book_day d ON d.provider = p.provider
  LEFT JOIN limit_usage u ON u.owner = CONCAT('${exposureOwner('')}', p.provider)
    AND u.period = IF(p.exposure_basis = 'date', DATE_FORMAT(d.open_date, '%Y-%m-%d'), '${HELD}')`;

@Injectable()
export class ExposureStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Of everybody who collects. */
  async all(): Promise<ExposureRow[]> {
    return (await this.db.select(`${EXPOSURES} ORDER BY p.id`)) as unknown as ExposureRow[];
  }

  /** Of those whose limit has to be watched. */
  async limited(): Promise<ExposureRow[]> {
    const where = "WHERE p.exposure_limit IS NOT NULL OR p.exposure_basis = 'prefund'";
    return (await this.db.select(`${EXPOSURES} ${where}`)) as unknown as ExposureRow[];
  }

  async of(partner: string): Promise<ExposureRow | undefined> {
    return ((await this.db.select(`${EXPOSURES} WHERE p.id = ?`, [partner])) as unknown as ExposureRow[])[0];
  }

  /** @returns false when the receipt is proposed or booked already */
  async propose(row: ChangeRow): Promise<boolean> {
    try {
      const sql = `INSERT INTO exposure_change (${Object.keys(row).join(', ')}) VALUES (?)`;
      await this.db.run(sql, [Object.values(row)]);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async find(id: string): Promise<ChangeRow | undefined> {
    const sql = 'SELECT * FROM exposure_change WHERE id = ?';
    return ((await this.db.select(sql, [id])) as unknown as ChangeRow[])[0];
  }

  async list(partner: string | undefined, limit: number): Promise<ChangeRow[]> {
    const where = partner === undefined ? '' : 'WHERE partner = ?';
    const sql = `SELECT * FROM exposure_change ${where} ORDER BY proposed_at DESC, id DESC LIMIT ?`;
    const params = partner === undefined ? [limit] : [partner, limit];
    return (await this.db.select(sql, params)) as unknown as ChangeRow[];
  }

  /** The decision and what it does, together. @returns false when it is decided already */
  async decide(decision: Decision): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const { id, state, by, reason } = decision;
      const decided = await tx.run(
        `UPDATE exposure_change SET state = ?, decided_by = ?, decided_at = UTC_TIMESTAMP(3), decision_reason = ?,
                receipt_key = IF(? = 'rejected', NULL, receipt_key)
          WHERE id = ? AND state = 'proposed' AND proposed_by <> ?`,
        [state, by, reason, state, id, by],
      );
      if (decided !== 1) return false;
      if (state === 'approved') await applyChange(tx, id);
      return true;
    });
  }
}

/** In the transaction that approved it. */
export async function applyChange(tx: Queryable, id: string): Promise<void> {
  const [change] = (await tx.select('SELECT * FROM exposure_change WHERE id = ?', [id])) as unknown as ChangeRow[];
  if (!change) throw new Error('an approved change that is not there');
  if (change.kind === 'limit') {
    const sql = 'UPDATE partner SET exposure_basis = ?, exposure_limit = ? WHERE id = ?';
    await tx.run(sql, [change.basis, change.amount, change.partner]);
    return;
  }
  await tx.run('UPDATE partner SET received = received + ? WHERE id = ?', [change.amount, change.partner]);
  await tx.run(
    `UPDATE partner p LEFT JOIN limit_usage u ON u.owner = CONCAT(?, p.provider) AND u.period = ?
      SET p.prefund_base = p.received + COALESCE(p.exposure_limit, 0) - COALESCE(u.used, 0) WHERE p.id = ?`,
    [exposureOwner(''), HELD, change.partner],
  );
}

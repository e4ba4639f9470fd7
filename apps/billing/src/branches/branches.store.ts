import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable, Row } from '@yidian/database';
import { DB } from '../resources/db';
import { Branch, type BranchStatus } from './branch.entity';

@Injectable()
export class BranchesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** As the driver gives it. */
  all(): Promise<Branch[]> {
    return this.db.select<Branch & Row>(
      `SELECT code, name_zh AS nameZh, name_en AS nameEn, status, accept_min AS acceptMin, accept_max AS acceptMax,
        accept_step AS acceptStep, updated_at AS updatedAt FROM branch ORDER BY code`,
    );
  }

  find(code: string): Promise<Branch | null> {
    return this.db.dataSource.getRepository(Branch).findOneBy({ code });
  }

  /** Status of a branch, held until the transaction ends; null when there is no such branch. */
  async lockStatus(tx: Queryable, code: string): Promise<BranchStatus | null> {
    const [row] = await tx.select<{ status: BranchStatus }>('SELECT status FROM branch WHERE code = ? FOR UPDATE', [
      code,
    ]);
    return row?.status ?? null;
  }

  async setStatus(tx: Queryable, code: string, status: BranchStatus, at: Date): Promise<void> {
    await tx.run('UPDATE branch SET status = ?, updated_at = ? WHERE code = ?', [status, at, code]);
  }
}

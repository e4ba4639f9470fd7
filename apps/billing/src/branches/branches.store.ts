import { Inject, Injectable } from '@nestjs/common';
import type { Db, Queryable } from '@yidian/database';
import { DB } from '../resources/db';
import { Branch, type BranchStatus } from './branch.entity';

@Injectable()
export class BranchesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  all(): Promise<Branch[]> {
    return this.db.dataSource.getRepository(Branch).find({ order: { code: 'ASC' } });
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

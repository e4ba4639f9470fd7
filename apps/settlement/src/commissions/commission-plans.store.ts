import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../resources/tokens';
import type { CommissionPlan } from './commission';
import { CommissionPlanRow } from './commission-plan.entity';

@Injectable()
export class CommissionPlansStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async all(): Promise<CommissionPlan[]> {
    return (await this.rows.find()).map((row) => ({ ...row }));
  }

  async byId(id: string): Promise<CommissionPlan | null> {
    const row = await this.rows.findOneBy({ id });
    return row && { ...row };
  }

  /** Plain INSERT: a plan is never edited. */
  async add(plan: CommissionPlan): Promise<void> {
    await this.rows.insert({ ...plan });
  }

  private get rows() {
    return this.db.dataSource.getRepository(CommissionPlanRow);
  }
}

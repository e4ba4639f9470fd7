import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../resources/tokens';
import type { Bearer, BearerShare } from './fee';
import { FeeScheduleRow } from './fee-schedule.entity';
import type { FeeSchedule } from './fee-schedules';

@Injectable()
export class FeeSchedulesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  async ofProvider(provider: string): Promise<FeeSchedule[]> {
    return (await this.rows.findBy({ provider })).map(fromRow);
  }

  async byId(id: string): Promise<FeeSchedule | null> {
    const row = await this.rows.findOneBy({ id });
    return row && fromRow(row);
  }

  /** Plain INSERT: a contract line is never edited. */
  async add(schedule: FeeSchedule): Promise<void> {
    await this.rows.insert({ ...schedule, bearers: printBearers(schedule.bearers) });
  }

  private get rows() {
    return this.db.dataSource.getRepository(FeeScheduleRow);
  }
}

const fromRow = (row: FeeScheduleRow): FeeSchedule => ({ ...row, bearers: readBearers(row.bearers) });

export const printBearers = (bearers: readonly BearerShare[]): string =>
  bearers.map((bearer) => `${bearer.party}:${bearer.ppm}`).join(' ');

function readBearers(text: string): BearerShare[] {
  return text.split(' ').map((part) => {
    const [party = '', ppm = ''] = part.split(':');
    return { party: party as Bearer, ppm: BigInt(ppm) };
  });
}

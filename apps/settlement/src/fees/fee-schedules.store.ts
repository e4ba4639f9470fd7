import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { DB } from '../resources/tokens';
import type { Bearer, BearerShare } from './fee';
import { FeeScheduleRow } from './fee-schedule.entity';
import type { FeeSchedule } from './fee-schedules';
import { FROM_PROFILE, TERMS_MOVES, type Decision, type TermsState } from './terms-state';
import { printTiers, readTiers } from './tiers-text';

/** A contract line with who proposed and decided it. */
export interface FeeScheduleTerms {
  schedule: FeeSchedule;
  decision: Decision;
}

@Injectable()
export class FeeSchedulesStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Lines in force, past and coming ones included. */
  async ofProvider(provider: string): Promise<FeeSchedule[]> {
    return (await this.rows.findBy({ provider, state: 'active' })).map((row) => fromRow(row).schedule);
  }

  async byId(id: string): Promise<FeeSchedule | null> {
    return (await this.terms(id))?.schedule ?? null;
  }

  async terms(id: string): Promise<FeeScheduleTerms | null> {
    const row = await this.rows.findOneBy({ id });
    return row && fromRow(row);
  }

  async list(provider: string | undefined): Promise<FeeScheduleTerms[]> {
    const rows = await this.rows.find({ where: provider === undefined ? {} : { provider }, order: { id: 'ASC' } });
    return rows.map(fromRow);
  }

  /** Plain INSERT: a contract line is never edited. */
  async add(schedule: FeeSchedule, decision: Decision = FROM_PROFILE): Promise<void> {
    const text = { bearers: printBearers(schedule.bearers), tiers: printTiers(schedule.tiers) };
    await this.rows.insert({ ...schedule, ...decision, ...text });
  }

  /** false: somebody else has decided it meanwhile. */
  async decide(id: string, to: TermsState, decidedBy: string): Promise<boolean> {
    if (!TERMS_MOVES.draft.includes(to)) throw new Error(`terms do not go from draft to ${to}`);
    return (await this.rows.update({ id, state: 'draft' }, { state: to, decidedBy })).affected === 1;
  }

  async seen(id: string, simulated: string): Promise<void> {
    await this.rows.update({ id, state: 'draft' }, { simulated });
  }

  private get rows() {
    return this.db.dataSource.getRepository(FeeScheduleRow);
  }
}

function fromRow(row: FeeScheduleRow): FeeScheduleTerms {
  const { state, proposedBy, decidedBy, reason, simulated, ...terms } = row;
  return {
    schedule: { ...terms, bearers: readBearers(row.bearers), tiers: readTiers(row.tiers) },
    decision: { state, proposedBy, decidedBy, reason, simulated },
  };
}

export const printBearers = (bearers: readonly BearerShare[]): string =>
  bearers.map((bearer) => `${bearer.party}:${bearer.ppm}`).join(' ');

function readBearers(text: string): BearerShare[] {
  return text.split(' ').map((part) => {
    const [party = '', ppm = ''] = part.split(':');
    return { party: party as Bearer, ppm: BigInt(ppm) };
  });
}

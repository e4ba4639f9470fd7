import { Inject, Injectable } from '@nestjs/common';
import type { Db } from '@yidian/database';
import type { Decision, TermsState } from '../fees/terms-state';
import { FROM_PROFILE, TERMS_MOVES } from '../fees/terms-state';
import { printTiers, readTiers } from '../fees/tiers-text';
import { DB } from '../resources/tokens';
import type { CommissionLevel, CommissionPlan, Earner } from './commission';
import { CommissionPlanRow } from './commission-plan.entity';

/** Simulations are of fees; a plan is decided by two people all the same. */
export type PlanDecision = Omit<Decision, 'simulated'>;

export interface CommissionPlanTerms {
  plan: CommissionPlan;
  decision: PlanDecision;
}

@Injectable()
export class CommissionPlansStore {
  constructor(@Inject(DB) private readonly db: Db) {}

  /** Plans in force, past and coming ones included. */
  async all(): Promise<CommissionPlan[]> {
    return (await this.rows.findBy({ state: 'active' })).map((row) => fromRow(row).plan);
  }

  async list(): Promise<CommissionPlanTerms[]> {
    return (await this.rows.find({ order: { id: 'ASC' } })).map(fromRow);
  }

  async byId(id: string): Promise<CommissionPlan | null> {
    return (await this.terms(id))?.plan ?? null;
  }

  async terms(id: string): Promise<CommissionPlanTerms | null> {
    const row = await this.rows.findOneBy({ id });
    return row && fromRow(row);
  }

  /** Plain INSERT: a plan is never edited. */
  async add(plan: CommissionPlan, decision: PlanDecision = FROM_PROFILE): Promise<void> {
    const { state, proposedBy, decidedBy, reason } = decision;
    await this.rows.insert({ ...plan, state, proposedBy, decidedBy, reason, levels: printLevels(plan.levels) });
  }

  /** false: somebody else has decided it meanwhile. */
  async decide(id: string, to: TermsState, decidedBy: string): Promise<boolean> {
    if (!TERMS_MOVES.draft.includes(to)) throw new Error(`terms do not go from draft to ${to}`);
    return (await this.rows.update({ id, state: 'draft' }, { state: to, decidedBy })).affected === 1;
  }

  private get rows() {
    return this.db.dataSource.getRepository(CommissionPlanRow);
  }
}

function fromRow(row: CommissionPlanRow): CommissionPlanTerms {
  const { state, proposedBy, decidedBy, reason, ...plan } = row;
  return {
    plan: { ...plan, levels: readLevels(row.levels) },
    decision: { state, proposedBy, decidedBy, reason },
  };
}

interface PrintedLevel {
  earner: Earner;
  party: string;
  ppm: string;
  tiers: string;
}

const printLevels = (levels: readonly CommissionLevel[]): string =>
  levels.length === 0
    ? ''
    : JSON.stringify(
        levels.map(({ earner, party, ppm, tiers }): PrintedLevel => ({
          ...{ earner, party, ppm: String(ppm), tiers: printTiers(tiers) },
        })),
      );

const readLevels = (text: string): CommissionLevel[] =>
  text === ''
    ? []
    : (JSON.parse(text) as PrintedLevel[]).map(({ earner, party, ppm, tiers }) => ({
        ...{ earner, party, ppm: BigInt(ppm), tiers: readTiers(tiers) },
      }));

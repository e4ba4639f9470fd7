import { Inject, Injectable } from '@nestjs/common';
import type { RpcClient } from '@yidian/messaging';
import type { Leg } from '../batches/leg';
import { levelsOf } from '../commissions/commission';
import { CommissionPlansStore } from '../commissions/commission-plans.store';
import { FeeSchedulesStore } from '../fees/fee-schedules.store';
import { daysOf, monthBefore } from '../fees/month';
import { netOf, positionsOf } from '../positions/position';
import { PositionsStore } from '../positions/positions.store';
import { PullPromotions } from '../promotions/pull-promotions';
import { RECONCILIATION } from '../resources/tokens';
import { earnerMonths } from './earner-months';
import { earnerStatement } from './earner-month';
import { MonthLinesStore } from './month-lines.store';
import { MonthStatements } from './month-statements';
import type { MonthStep } from './month.states';
import { MONTH_STEPS } from './month.states';
import { figure, MonthsStore, type Figure } from './months.store';
import { commissionTrueUp, feeTrueUp, trueUpLegs, type TrueUp } from './true-up';

/** What a step has worked out. Blocked: it cannot end yet, and says why. */
export interface StepOutcome {
  blocked?: boolean;
  detail: string;
  figures?: Figure[];
  /** What it posts, by the terms it follows. */
  movements?: { key: string; provider: string; legs: Leg[] }[];
}

const no = (name: MonthStep): number => MONTH_STEPS.indexOf(name) + 1;

/** The steps of a month's end, one method each: they read and reckon; posting and keeping is the caller's. */
@Injectable()
export class MonthWork {
  constructor(
    private readonly lines: MonthLinesStore,
    private readonly months: MonthsStore,
    private readonly schedules: FeeSchedulesStore,
    private readonly plans: CommissionPlansStore,
    private readonly positions: PositionsStore,
    private readonly statements: MonthStatements,
    private readonly promotions: PullPromotions,
    @Inject(RECONCILIATION) private readonly reconciliation: RpcClient<'reconciliation'>,
  ) {}

  async last_day(month: string, missing: readonly string[]): Promise<StepOutcome> {
    const { providers } = await this.reconciliation.call('night.status', { date: daysOf(month).last });
    const open = providers.filter(({ state }) => state !== 'settled' && state !== 'none_today');
    const unnamed = open.map(({ provider }) => provider).filter((provider) => !missing.includes(provider));
    if (unnamed.length > 0) return { blocked: true, detail: `not settled: ${unnamed.join(', ')}` };
    if (!(await this.promotions.execute())) return { blocked: true, detail: 'gifts and discounts not told by billing' };
    return { detail: `${providers.length} providers, ${open.length} known to be missing` };
  }

  async late_resolutions(month: string): Promise<StepOutcome> {
    const waiting = await this.lines.waiting(month);
    return { detail: `${waiting} wait for their day and will count in the month that carries them out` };
  }

  async provider_invoices(month: string, missing: readonly string[]): Promise<StepOutcome> {
    const schedules = (await this.schedules.list(undefined)).map(({ schedule }) => schedule);
    const billed = new Map(schedules.filter((s) => s.collection === 'invoiced').map((s) => [s.id, s.provider]));
    const fees = new Map<string, bigint>();
    for (const { scheduleId, fee } of await this.lines.of(month)) {
      const provider = billed.get(scheduleId);
      if (provider !== undefined) fees.set(provider, (fees.get(provider) ?? 0n) + fee);
    }
    const figures: Figure[] = [];
    const without: string[] = [];
    for (const [provider, contract] of [...fees].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const invoice = await this.months.billed(provider, month);
      if (invoice === null && !missing.includes(provider)) without.push(provider);
      figures.push(figure(3, provider, 'contract', contract), figure(3, provider, 'invoiced', invoice ?? 0n));
      figures.push(figure(3, provider, 'difference', (invoice ?? contract) - contract));
    }
    if (without.length > 0) return { blocked: true, detail: `no invoice yet: ${without.join(', ')}` };
    return { detail: `${fees.size} providers that bill by the month`, figures };
  }

  async fee_true_up(month: string): Promise<StepOutcome> {
    const lines = await this.lines.of(month);
    const outcome: Required<Pick<StepOutcome, 'figures' | 'movements'>> = { figures: [], movements: [] };
    for (const { schedule } of await this.schedules.list(undefined)) {
      if (schedule.tiers.length === 0) continue;
      const trueUps = feeTrueUp(schedule, lines);
      const legs = trueUpLegs(trueUps);
      if (legs.length > 0)
        outcome.movements.push({ key: `true_up/${month}/fee/${schedule.id}`, provider: schedule.provider, legs });
      outcome.figures.push(...figuresOf(no('fee_true_up'), trueUps));
    }
    return { detail: `${outcome.movements.length} schedules by tier`, ...outcome };
  }

  async commission_true_up(month: string): Promise<StepOutcome> {
    const lines = await this.lines.of(month);
    const feeTrueUps = (await this.months.figures(month))
      .filter(({ step }) => step === no('fee_true_up'))
      .map(({ terms_id, party, name, amount }) => ({ termsId: terms_id, bearer: name, account: party, amount }));
    const outcome: Required<Pick<StepOutcome, 'figures' | 'movements'>> = { figures: [], movements: [] };
    for (const { plan } of await this.plans.list()) {
      if (levelsOf(plan).every(({ tiers }) => tiers.length === 0)) continue;
      const trueUps = commissionTrueUp(plan, lines, feeTrueUps);
      const legs = trueUpLegs(trueUps, plan.bearer);
      if (legs.length > 0) outcome.movements.push({ key: `true_up/${month}/plan/${plan.id}`, provider: '', legs });
      outcome.figures.push(...figuresOf(no('commission_true_up'), trueUps));
    }
    return { detail: `${outcome.movements.length} plans by tier`, ...outcome };
  }

  async claw_backs(month: string): Promise<StepOutcome> {
    const before = await this.months.figures(monthBefore(month));
    const earners = earnerMonths({
      lines: await this.lines.of(month),
      plans: (await this.plans.list()).map(({ plan }) => plan),
      trueUps: (await this.months.figures(month)).filter(({ step }) => step === no('commission_true_up')),
      before: before.filter(({ step }) => step === no('claw_backs')),
    });
    const figures = [...earners].flatMap(([account, given]) => {
      const told = earnerStatement(given);
      const { earned, clawed, trueUp, carriedIn, negativeIn, taxPpm } = given;
      const { taken, carriedOut, payable, negativeOut } = told;
      const named = { earned, clawed, trueUp, carriedIn, negativeIn, taken, carriedOut, payable, negativeOut, taxPpm };
      return Object.entries(named).map(([name, amount]) => figure(no('claw_backs'), account, name, amount));
    });
    return { detail: `${earners.size} earners`, figures };
  }

  async tax(month: string): Promise<StepOutcome> {
    const told = (await this.months.figures(month)).filter(({ step }) => step === no('claw_backs'));
    const of = (party: string, name: string) =>
      told.find((one) => one.party === party && one.name === name)?.amount ?? 0n;
    const accounts = [...new Set(told.map(({ party }) => party))];
    const figures = accounts.flatMap((account) => {
      const { net, tax } = earnerStatement({
        ...{ earned: of(account, 'payable'), clawed: 0n, trueUp: 0n, carriedIn: 0n, negativeIn: 0n, capPpm: null },
        taxPpm: of(account, 'taxPpm'),
      });
      return [figure(no('tax'), account, 'net', net), figure(no('tax'), account, 'tax', tax)];
    });
    return { detail: `${accounts.length} earners`, figures };
  }

  async netting(month: string): Promise<StepOutcome> {
    const { first, last } = daysOf(month);
    const positions = positionsOf(await this.positions.legs(first, last));
    const figures = [...positions].map(([key, { position }]) => figure(no('netting'), key, 'net', netOf(position)));
    const off = figures.reduce((sum, { amount }) => sum + amount, 0n);
    if (off !== 0n) return { blocked: true, detail: 'positions do not add up to zero' };
    return { detail: `${figures.length} positions that add up to zero`, figures };
  }

  /** Every party is told; the step ends when all have confirmed, by word or by silence. */
  async statementsStep(month: string, actor: string): Promise<StepOutcome> {
    const parties = (await this.months.figures(month))
      .filter(({ step, party }) => step === no('netting') && !party.startsWith('hq/'))
      .map(({ party }) => party.slice(party.indexOf('/') + 1));
    const open = await this.statements.issue([...new Set(parties)], month, actor);
    if (open.length > 0) return { blocked: true, detail: `not confirmed: ${open.join(', ')}` };
    return { detail: `${new Set(parties).size} statements confirmed` };
  }

  async payouts(month: string): Promise<StepOutcome> {
    const owed = (await this.months.figures(month)).filter(({ step, amount }) => step === no('netting') && amount > 0n);
    return { detail: `${owed.length} parties are owed; payouts leave by their own runs` };
  }
}

const figuresOf = (step: number, trueUps: readonly TrueUp[]): Figure[] =>
  trueUps.map(({ termsId, bearer, account, amount }) => figure(step, account, bearer, amount, termsId));

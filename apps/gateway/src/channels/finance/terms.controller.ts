import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { listOf, listSchema, Operation, ValidBody, ValidParams, ValidQuery, type ListOf } from '@yidian/http';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { SettlementRpc } from '../../platform';
import { OperatorAudit } from './operator-audit';
import { ask, assertHeadquarters, FINANCE_READERS } from './scope';
import { refusable } from './service-refusals';
import {
  planBody,
  planParams,
  planView,
  publicTerms,
  scheduleBody,
  scheduleParams,
  schedulesQuery,
  scheduleView,
  simulationBody,
  simulationView,
  termsDecisionBody,
  termsOf,
} from './terms.schema';

type Schedule = z.output<typeof scheduleView>;
type Plan = z.output<typeof planView>;
type Decision = z.output<typeof termsDecisionBody>;

/** Months of payments are priced again: longer than a question. */
const SIMULATE_MS = 25_000;

/** Contracts of money: what providers charge and what earners get. Proposed by one, activated by another, never edited. */
@Controller('v1/finance')
export class TermsController {
  constructor(
    private readonly settlement: SettlementRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Get('fee_schedules')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'listFeeSchedules',
    summary: 'What providers charge, and proposals for it',
    ...{ door: 'operator', tag: 'Contracts', query: schedulesQuery, answers: { 200: listSchema(scheduleView) } },
    problems: ['not_found', 'busy'],
  })
  async schedules(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { provider }: z.output<typeof schedulesQuery>,
  ): Promise<ListOf<Schedule>> {
    assertHeadquarters(operator);
    const wanted = provider === undefined ? {} : { provider };
    const { schedules } = await ask(refusable(this.settlement.call('fees.list', wanted)));
    return listOf('/v1/finance/fee_schedules', schedules.map(scheduleOf), null);
  }

  @Post('fee_schedules')
  @HttpCode(201)
  @ForOperator('finance_maker')
  @Operation({
    id: 'proposeFeeSchedule',
    summary: "Propose a line of a provider's contract",
    description: 'Prices nothing until it is simulated over a past month and somebody else approves it.',
    ...{ door: 'operator', tag: 'Contracts', body: scheduleBody, answers: { 201: scheduleView } },
    problems: ['not_found', 'state_conflict', 'busy'],
  })
  async proposeSchedule(
    @Operator() operator: OperatorCaller,
    @ValidBody() { schedule, reason }: z.output<typeof scheduleBody>,
  ): Promise<Schedule> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'fee_schedule.propose', `fee_schedule/${schedule.id}`, { schedule, reason });
    const wanted = { schedule: termsOf(schedule), reason, actor: operator.username };
    return scheduleOf(await refusable(this.settlement.call('fees.propose', wanted)));
  }

  @Post('fee_schedules/:schedule/simulations')
  @HttpCode(200)
  @ForOperator('finance_maker', 'finance_checker')
  @Operation({
    id: 'simulateFeeSchedule',
    summary: 'What a line would have charged in past months, beside what was charged',
    ...{ door: 'operator', tag: 'Contracts', params: scheduleParams, body: simulationBody },
    answers: { 200: simulationView },
    problems: ['not_found', 'state_conflict', 'busy'],
  })
  async simulate(
    @Operator() operator: OperatorCaller,
    @ValidParams() { schedule }: z.output<typeof scheduleParams>,
    @ValidBody() span: z.output<typeof simulationBody>,
  ): Promise<z.output<typeof simulationView>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'fee_schedule.simulate', `fee_schedule/${schedule}`, span);
    const wanted = { id: schedule, ...span, actor: operator.username };
    const simulated = await refusable(this.settlement.call('fees.simulate', wanted, SIMULATE_MS));
    return simulationView.parse(publicTerms(simulated));
  }

  @Post('fee_schedules/:schedule/decisions')
  @HttpCode(200)
  @ForOperator('finance_checker')
  @Operation({
    id: 'decideFeeSchedule',
    summary: "Approve or reject somebody else's line",
    ...{ door: 'operator', tag: 'Contracts', params: scheduleParams, body: termsDecisionBody },
    answers: { 200: scheduleView },
    problems: ['not_found', 'own_proposal', 'state_conflict', 'busy'],
  })
  async decideSchedule(
    @Operator() operator: OperatorCaller,
    @ValidParams() { schedule }: z.output<typeof scheduleParams>,
    @ValidBody() { decision }: Decision,
  ): Promise<Schedule> {
    assertHeadquarters(operator);
    await this.audit.record(operator, `fee_schedule.${decision}`, `fee_schedule/${schedule}`);
    const wanted = { id: schedule, decision, actor: operator.username };
    return scheduleOf(await refusable(this.settlement.call('fees.decide', wanted)));
  }

  @Get('commission_plans')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'listCommissionPlans',
    summary: 'What earners get, and proposals for it',
    ...{ door: 'operator', tag: 'Contracts', answers: { 200: listSchema(planView) }, problems: ['not_found', 'busy'] },
  })
  async plans(@Operator() operator: OperatorCaller): Promise<ListOf<Plan>> {
    assertHeadquarters(operator);
    const { plans } = await ask(refusable(this.settlement.call('plans.list', {})));
    return listOf('/v1/finance/commission_plans', plans.map(planOf), null);
  }

  @Post('commission_plans')
  @HttpCode(201)
  @ForOperator('finance_maker')
  @Operation({
    id: 'proposeCommissionPlan',
    summary: 'Propose a commission plan',
    description: 'Earns nobody anything until somebody else approves it.',
    ...{ door: 'operator', tag: 'Contracts', body: planBody, answers: { 201: planView } },
    problems: ['not_found', 'state_conflict', 'busy'],
  })
  async proposePlan(
    @Operator() operator: OperatorCaller,
    @ValidBody() { plan, reason }: z.output<typeof planBody>,
  ): Promise<Plan> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'commission_plan.propose', `commission_plan/${plan.id}`, { plan, reason });
    const wanted = { plan: termsOf(plan), reason, actor: operator.username };
    return planOf(await refusable(this.settlement.call('plans.propose', wanted)));
  }

  @Post('commission_plans/:plan/decisions')
  @HttpCode(200)
  @ForOperator('finance_checker')
  @Operation({
    id: 'decideCommissionPlan',
    summary: "Approve or reject somebody else's plan",
    ...{ door: 'operator', tag: 'Contracts', params: planParams, body: termsDecisionBody, answers: { 200: planView } },
    problems: ['not_found', 'own_proposal', 'state_conflict', 'busy'],
  })
  async decidePlan(
    @Operator() operator: OperatorCaller,
    @ValidParams() { plan }: z.output<typeof planParams>,
    @ValidBody() { decision }: Decision,
  ): Promise<Plan> {
    assertHeadquarters(operator);
    await this.audit.record(operator, `commission_plan.${decision}`, `commission_plan/${plan}`);
    const wanted = { id: plan, decision, actor: operator.username };
    return planOf(await refusable(this.settlement.call('plans.decide', wanted)));
  }
}

const scheduleOf = (terms: object): Schedule => scheduleView.parse(publicTerms(terms));
const planOf = (terms: object): Plan => planView.parse(publicTerms(terms));

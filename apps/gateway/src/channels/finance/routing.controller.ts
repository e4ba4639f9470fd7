import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { listOf, listSchema, Operation, ValidBody, ValidParams, ValidQuery, type ListOf } from '@yidian/http';
import { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { RestAgreement } from '../../agreements/rest-agreement';
import { agreementView, type AgreementView } from '../../payments';
import { DecideRules } from '../../routing/decide-rules';
import { Maintenance } from '../../routing/maintenance';
import { PlanWindow } from '../../routing/plan-window';
import { RoutingStore } from '../../routing/routing.store';
import { OperatorAudit } from './operator-audit';
import {
  ruleOf,
  rulesDecision,
  rulesParams,
  rulesProposal,
  rulesQuery,
  rulesView,
  rulesViewOf,
  windowBody,
  windowParams,
  windowView,
  windowViewOf,
} from './routing.schema';
import { assertHeadquarters } from './scope';

type Rules = z.output<typeof rulesView>;
type Window = z.output<typeof windowView>;
const READERS = ['operations', 'finance_maker', 'finance_checker', 'customer_care', 'auditor'] as const;
const releaseBody = z.strictObject({
  agreement: z.string().min(5).max(40),
  reason: z.string().trim().min(1).max(40),
});

/** Routing and maintenance: rules by two people, windows by operations. */
@Controller('v1/operations')
export class RoutingController {
  constructor(
    private readonly store: RoutingStore,
    private readonly rules: DecideRules,
    private readonly windows: PlanWindow,
    private readonly maintenance: Maintenance,
    private readonly rest: RestAgreement,
    private readonly audit: OperatorAudit,
  ) {}

  @Post('routing_rules')
  @HttpCode(201)
  @ForOperator('operations', 'finance_maker')
  @Operation({
    id: 'proposeRoutingRules',
    summary: 'Propose a new version of all routing rules',
    description: 'Counts for nothing until somebody else approves it; a version is never changed.',
    door: 'operator',
    tag: 'Routing',
    body: rulesProposal,
    answers: { 201: rulesView },
    problems: ['provider_unknown', 'not_found'],
  })
  async propose(
    @Operator() operator: OperatorCaller,
    @ValidBody() body: z.output<typeof rulesProposal>,
  ): Promise<Rules> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'routing.propose', 'routing', body);
    const { rules, valid_from, reason } = body;
    const version = await this.rules.propose(rules.map(ruleOf), new Date(valid_from), reason, operator.username);
    return this.version(version);
  }

  @Post('routing_rules/:version/decisions')
  @HttpCode(200)
  @ForOperator('operations', 'finance_checker')
  @Operation({
    id: 'decideRoutingRules',
    summary: "Approve or reject somebody else's rules",
    description: 'In force from their date, or from the approval if that comes later.',
    door: 'operator',
    tag: 'Routing',
    params: rulesParams,
    body: rulesDecision,
    answers: { 200: rulesView },
    problems: ['not_found', 'own_proposal', 'state_conflict'],
  })
  async decide(
    @Operator() operator: OperatorCaller,
    @ValidParams() { version }: z.output<typeof rulesParams>,
    @ValidBody() { decision, reason }: z.output<typeof rulesDecision>,
  ): Promise<Rules> {
    assertHeadquarters(operator);
    await this.audit.record(operator, `routing.${decision}`, `routing/${version}`, { reason });
    await this.rules.decide(version, decision, reason, operator.username);
    return this.version(version);
  }

  @Get('routing_rules')
  @ForOperator(...READERS)
  @Operation({
    id: 'listRoutingRules',
    summary: 'Versions of the routing rules, newest first',
    door: 'operator',
    tag: 'Routing',
    query: rulesQuery,
    answers: { 200: listSchema(rulesView) },
    problems: ['not_found'],
  })
  async list(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { limit }: z.output<typeof rulesQuery>,
  ): Promise<ListOf<Rules>> {
    assertHeadquarters(operator);
    const versions = await this.store.versions(limit);
    const rules = await this.store.rules(versions.map(({ version }) => version));
    return listOf(
      '/v1/operations/routing_rules',
      versions.map((row) => rulesViewOf(row, rules)),
      null,
    );
  }

  @Post('maintenance_windows')
  @HttpCode(201)
  @ForOperator('operations')
  @Operation({
    id: 'planMaintenance',
    summary: 'Plan when a provider is away',
    description: 'Payers are told so, automatic debits wait for its end. Windows of one provider never overlap.',
    door: 'operator',
    tag: 'Routing',
    body: windowBody,
    answers: { 201: windowView },
    problems: ['provider_unknown', 'field_invalid', 'state_conflict', 'not_found'],
  })
  async plan(@Operator() operator: OperatorCaller, @ValidBody() body: z.output<typeof windowBody>): Promise<Window> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'maintenance.plan', `provider/${body.provider}`, body);
    const { provider, from, until, note } = body;
    const wanted = { provider, from: new Date(from), until: new Date(until), note };
    return windowViewOf(await this.windows.plan(wanted, operator.username));
  }

  @Post('maintenance_windows/:window/endings')
  @HttpCode(200)
  @ForOperator('operations')
  @Operation({
    id: 'endMaintenance',
    summary: 'End a window early, or take it off the calendar',
    door: 'operator',
    tag: 'Routing',
    params: windowParams,
    answers: { 200: windowView },
    problems: ['not_found', 'state_conflict'],
  })
  async end(
    @Operator() operator: OperatorCaller,
    @ValidParams() { window }: z.output<typeof windowParams>,
  ): Promise<Window> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'maintenance.end', `maintenance_window/${window}`);
    return windowViewOf(await this.windows.end(window, operator.username));
  }

  @Get('maintenance_windows')
  @ForOperator(...READERS, 'partner_manager')
  @Operation({
    id: 'listMaintenance',
    summary: 'Windows that are on or to come, soonest first',
    door: 'operator',
    tag: 'Routing',
    answers: { 200: listSchema(windowView) },
    problems: ['not_found'],
  })
  calendar(@Operator() operator: OperatorCaller): ListOf<Window> {
    assertHeadquarters(operator);
    return listOf('/v1/operations/maintenance_windows', this.maintenance.planned().map(windowViewOf), null);
  }

  @Post('agreement_releases')
  @HttpCode(200)
  @ForOperator('operations', 'finance_checker')
  @Operation({
    id: 'releaseAgreement',
    summary: 'Let an agreement pay again whose provider had taken money back',
    door: 'operator',
    tag: 'Operations',
    body: releaseBody,
    answers: { 200: agreementView },
    problems: ['not_found', 'state_conflict'],
  })
  async release(
    @Operator() operator: OperatorCaller,
    @ValidBody() { agreement, reason }: z.output<typeof releaseBody>,
  ): Promise<AgreementView> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'agreement.release', `agreement/${agreement}`, { reason });
    return this.rest.release(agreement, operator.username, reason);
  }

  private async version(version: number): Promise<Rules> {
    const row = (await this.store.versions(1_000)).find((one) => one.version === version);
    if (!row) throw new Problem('not_found');
    return rulesViewOf(row, await this.store.rules([version]));
  }
}

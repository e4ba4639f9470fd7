import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { RuleDecision } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { Operation, ValidBody, ValidParams, ValidQuery } from '@yidian/http';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { ReconciliationRpc } from '../../platform';
import {
  assignmentsBody,
  limitsOf,
  progressView,
  publicLimits,
  reportView,
  ruleBody,
  ruleDecisionBody,
  ruleParams,
  rulesView,
  ruleView,
  ruleViewOf,
  spanQuery,
} from './desk.schema';
import { bulk, dateQuery } from './finance.schema';
import { OperatorAudit } from './operator-audit';
import { publicView } from './public-view';
import { ask, assertHeadquarters, FINANCE_READERS } from './scope';

type Span = z.output<typeof spanQuery>;
type Rule = z.output<typeof ruleView>;

/** What whoever looks after reconciliation reads and sets, beside the breaks themselves. */
@Controller('v1/finance')
export class DeskController {
  constructor(
    private readonly reconciliation: ReconciliationRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Get('reconciliation_report')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'getReconciliationReport',
    summary: 'Provider-days, ageing, quality and Pareto of a range of dates',
    ...{ door: 'operator', tag: 'Finance', query: spanQuery, answers: { 200: reportView } },
    problems: ['not_found', 'busy'],
  })
  async report(@Operator() operator: OperatorCaller, @ValidQuery() span: Span): Promise<z.output<typeof reportView>> {
    assertHeadquarters(operator);
    return reportView.parse(publicView(await ask(this.reconciliation.call('report.get', span))));
  }

  @Get('night_progress')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'getNightProgress',
    summary: 'How far nights are: step, lines, lines a second, percent',
    ...{ door: 'operator', tag: 'Finance', query: spanQuery, answers: { 200: progressView } },
    problems: ['not_found', 'busy'],
  })
  async progress(
    @Operator() operator: OperatorCaller,
    @ValidQuery() span: Span,
  ): Promise<z.output<typeof progressView>> {
    assertHeadquarters(operator);
    return progressView.parse(publicView(await ask(this.reconciliation.call('night.progress', span))));
  }

  @Post('break_assignments')
  @HttpCode(200)
  @ForOperator('finance_maker', 'finance_checker')
  @Operation({
    id: 'assignBreaks',
    summary: 'Who looks after breaks, and until when; row by row',
    ...{ door: 'operator', tag: 'Finance', body: assignmentsBody, answers: { 200: bulk } },
    problems: ['not_found'],
  })
  async assign(
    @Operator() operator: OperatorCaller,
    @ValidBody() { items }: z.output<typeof assignmentsBody>,
  ): Promise<z.output<typeof bulk>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'breaks.assign', `breaks/${items.length}`, { items });
    const wanted = items.map(({ break: id, version, owner, due_on: dueOn }) => ({
      ...{ id, version, owner },
      ...(dueOn === undefined ? {} : { dueOn }),
    }));
    const reply = await this.reconciliation.call('breaks.assign', { items: wanted, actor: operator.username });
    return {
      object: 'bulk',
      data: reply.items.map(({ id, outcome, by }, index) => ({ index, break: id, outcome, ...(by ? { by } : {}) })),
    };
  }

  @Get('rules')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'listReconciliationRules',
    summary: 'What rules may do alone on a date, and every version of it',
    ...{ door: 'operator', tag: 'Finance', query: dateQuery, answers: { 200: rulesView } },
    problems: ['not_found', 'busy'],
  })
  async rules(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { date }: z.output<typeof dateQuery>,
  ): Promise<z.output<typeof rulesView>> {
    assertHeadquarters(operator);
    const { inForce, versions } = await ask(this.reconciliation.call('rules.list', { date }));
    return {
      object: 'rules',
      in_force: inForce.map((one) => ({ ...one, limits: publicLimits(one.limits) })),
      versions: versions.map(ruleViewOf),
    };
  }

  @Post('rules')
  @HttpCode(201)
  @ForOperator('finance_maker')
  @Operation({
    id: 'proposeReconciliationRule',
    summary: 'Propose limits of a rule from a date on',
    description: 'Counts for nothing until somebody else approves it; a version is never changed.',
    ...{ door: 'operator', tag: 'Finance', body: ruleBody, answers: { 201: ruleView } },
    problems: ['not_found', 'state_conflict'],
  })
  async propose(@Operator() operator: OperatorCaller, @ValidBody() body: z.output<typeof ruleBody>): Promise<Rule> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'rule.propose', `rule/${body.class}`, body);
    const { class: cls, valid_from: validFrom, limits, reason } = body;
    const wanted = { class: cls, validFrom, reason, limits: limitsOf(limits), actor: operator.username };
    return decided(await this.reconciliation.call('rules.propose', wanted));
  }

  @Post('rules/:rule/decisions')
  @HttpCode(200)
  @ForOperator('finance_checker')
  @Operation({
    id: 'decideReconciliationRule',
    summary: "Approve or reject somebody else's proposal",
    ...{ door: 'operator', tag: 'Finance', params: ruleParams, body: ruleDecisionBody, answers: { 200: ruleView } },
    problems: ['not_found', 'own_proposal', 'state_conflict'],
  })
  async decide(
    @Operator() operator: OperatorCaller,
    @ValidParams() { rule }: z.output<typeof ruleParams>,
    @ValidBody() { decision }: z.output<typeof ruleDecisionBody>,
  ): Promise<Rule> {
    assertHeadquarters(operator);
    await this.audit.record(operator, `rule.${decision}`, `rule/${rule}`);
    const wanted = { id: rule, decision, actor: operator.username };
    return decided(await this.reconciliation.call('rules.decide', wanted));
  }
}

function decided({ outcome, rule }: RuleDecision): Rule {
  if (outcome !== 'ok') throw new Problem(outcome);
  if (!rule) throw new Error('a decision without its rule');
  return ruleViewOf(rule);
}

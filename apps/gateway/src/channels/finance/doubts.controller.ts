import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { listOf, listSchema, Operation, ValidBody, ValidParams, ValidQuery, type ListOf } from '@yidian/http';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { AskAgain } from '../../doubts/ask-again';
import { DecideDoubt } from '../../doubts/decide-doubt';
import { DoubtsStore, type DoubtRow } from '../../doubts/doubts.store';
import { FindDoubtsJob } from '../../doubts/find-doubts.job';
import {
  decisionParams,
  decisionViewOf,
  doubtDecisionBody,
  doubtDecisionView,
  doubtParams,
  doubtsQuery,
  doubtView,
  doubtViewOf,
  verdictBody,
} from './doubts.schema';
import { OperatorAudit } from './operator-audit';
import { assertHeadquarters } from './scope';

type View = z.output<typeof doubtView>;

/** The human queue: what no ladder settles. Nothing in it is guessed. */
@Controller('v1/operations')
export class DoubtsController {
  constructor(
    private readonly doubts: DoubtsStore,
    private readonly asking: AskAgain,
    private readonly deciding: DecideDoubt,
    private readonly finding: FindDoubtsJob,
    private readonly audit: OperatorAudit,
  ) {}

  @Get('doubts')
  @ForOperator('operations', 'customer_care', 'finance_maker', 'finance_checker', 'auditor')
  @Operation({
    id: 'listDoubts',
    summary: 'Payments, refunds, returns and callbacks that no ladder settles, oldest first',
    door: 'operator',
    tag: 'Operations',
    query: doubtsQuery,
    answers: { 200: listSchema(doubtView) },
    problems: ['not_found'],
  })
  async list(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { state, owner, limit }: z.output<typeof doubtsQuery>,
  ): Promise<ListOf<View>> {
    assertHeadquarters(operator);
    const rows = await this.doubts.list({ state, owner: owner && operator.username }, limit);
    const decisions = await this.doubts.decisions(rows.map(({ id }) => id));
    return listOf(
      '/v1/operations/doubts',
      rows.map((row) => doubtViewOf(row, decisions)),
      null,
    );
  }

  @Post('doubts/:doubt/takings')
  @HttpCode(200)
  @ForOperator('operations', 'finance_maker', 'finance_checker')
  @Operation({
    id: 'takeDoubt',
    summary: 'Look after one of them from now on',
    door: 'operator',
    tag: 'Operations',
    params: doubtParams,
    answers: { 200: doubtView },
    problems: ['not_found', 'state_conflict'],
  })
  async take(
    @Operator() operator: OperatorCaller,
    @ValidParams() { doubt }: z.output<typeof doubtParams>,
  ): Promise<View> {
    await this.known(operator, doubt);
    await this.audit.record(operator, 'doubt.take', `doubt/${doubt}`);
    if (!(await this.doubts.take(doubt, operator.username))) throw new Problem('state_conflict');
    return this.view(doubt);
  }

  @Post('doubts/:doubt/requeries')
  @HttpCode(200)
  @ForOperator('operations', 'finance_maker', 'finance_checker')
  @Operation({
    id: 'requeryDoubt',
    summary: 'Ask whoever owes the answer once more',
    door: 'operator',
    tag: 'Operations',
    params: doubtParams,
    answers: { 200: doubtView },
    problems: ['not_found'],
  })
  async requery(
    @Operator() operator: OperatorCaller,
    @ValidParams() { doubt }: z.output<typeof doubtParams>,
  ): Promise<View> {
    const row = await this.known(operator, doubt);
    await this.audit.record(operator, 'doubt.requery', `doubt/${doubt}`);
    if (row.state === 'open') await this.asking.execute(row, operator.username);
    await this.finding.sweep();
    return this.view(doubt);
  }

  @Post('doubts/:doubt/decisions')
  @HttpCode(201)
  @ForOperator('operations', 'finance_maker', 'finance_checker')
  @Operation({
    id: 'decideDoubt',
    summary: 'Decide on evidence what a provider did',
    description:
      'Above a limit, and where no sum is known, it is carried out only once a second person has approved it.',
    door: 'operator',
    tag: 'Operations',
    params: doubtParams,
    body: doubtDecisionBody,
    answers: { 201: doubtDecisionView },
    problems: ['not_found', 'state_conflict'],
  })
  async decide(
    @Operator() operator: OperatorCaller,
    @ValidParams() { doubt }: z.output<typeof doubtParams>,
    @ValidBody() body: z.output<typeof doubtDecisionBody>,
  ): Promise<z.output<typeof doubtDecisionView>> {
    await this.known(operator, doubt);
    await this.audit.record(operator, `doubt.${body.action}`, `doubt/${doubt}`, body);
    const { action, evidence, provider_txn_id: providerTxnId, business_date: businessDate } = body;
    const wanted = { action, evidence, providerTxnId, businessDate };
    return decisionViewOf(await this.deciding.propose(doubt, operator.username, wanted));
  }

  @Post('doubt_decisions/:decision/verdicts')
  @HttpCode(200)
  @ForOperator('operations', 'finance_checker')
  @Operation({
    id: 'judgeDoubtDecision',
    summary: "Approve or reject somebody else's decision",
    description: 'Approved again while it is working, it asks what has become of it.',
    door: 'operator',
    tag: 'Operations',
    params: decisionParams,
    body: verdictBody,
    answers: { 200: doubtDecisionView },
    problems: ['not_found', 'own_proposal', 'state_conflict'],
  })
  async judge(
    @Operator() operator: OperatorCaller,
    @ValidParams() { decision }: z.output<typeof decisionParams>,
    @ValidBody() body: z.output<typeof verdictBody>,
  ): Promise<z.output<typeof doubtDecisionView>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, `doubt_decision.${body.decision}`, `doubt_decision/${decision}`);
    return decisionViewOf(await this.deciding.decide(decision, operator.username, body.decision));
  }

  private async known(operator: OperatorCaller, id: string): Promise<DoubtRow> {
    assertHeadquarters(operator);
    const row = await this.doubts.find(id);
    if (!row) throw new Problem('not_found');
    return row;
  }

  private async view(id: string): Promise<View> {
    const row = await this.doubts.find(id);
    if (!row) throw new Problem('not_found');
    return doubtViewOf(row, await this.doubts.decisions([id]));
  }
}

import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { BreakDecision } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { listOf, listSchema, Operation, ValidBody, ValidParams, ValidQuery, type ListOf } from '@yidian/http';
import { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { ReconciliationRpc } from '../../platform';
import { breakQuery, breakView, bulk, decisionsBody, proposalsBody } from './finance.schema';
import { OperatorAudit } from './operator-audit';
import { publicView } from './public-view';
import { ask, assertHeadquarters, branchOf, FINANCE_READERS } from './scope';

const breakParams = z.strictObject({ id: z.string().min(1).max(64) });
type Bulk = z.output<typeof bulk>;

@Controller('v1/finance')
export class BreaksController {
  constructor(
    private readonly reconciliation: ReconciliationRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Get('breaks')
  @ForOperator(...FINANCE_READERS, 'branch_finance')
  @Operation({
    id: 'listBreaks',
    summary: 'Differences, by state, date, provider and class',
    door: 'operator',
    tag: 'Finance',
    query: breakQuery,
    answers: { 200: listSchema(breakView) },
    problems: ['busy'],
  })
  async list(
    @Operator() operator: OperatorCaller,
    @ValidQuery() query: z.output<typeof breakQuery>,
  ): Promise<ListOf<z.output<typeof breakView>>> {
    const branch = branchOf(operator);
    const reply = await ask(this.reconciliation.call('breaks.list', { ...query, ...(branch ? { branch } : {}) }));
    const data = reply.data.map((one) => breakView.parse(publicView(one)));
    return listOf('/v1/finance/breaks', data, reply.nextCursor);
  }

  @Get('breaks/:id')
  @ForOperator(...FINANCE_READERS, 'branch_finance')
  @Operation({
    id: 'getBreak',
    summary: 'One difference with its three sides',
    door: 'operator',
    tag: 'Finance',
    params: breakParams,
    answers: { 200: breakView },
    problems: ['not_found', 'busy'],
  })
  async one(
    @Operator() operator: OperatorCaller,
    @ValidParams() { id }: z.output<typeof breakParams>,
  ): Promise<z.output<typeof breakView>> {
    const branch = branchOf(operator);
    const reply = await ask(this.reconciliation.call('breaks.get', { id, ...(branch ? { branch } : {}) }));
    if (!reply.break) throw new Problem('not_found');
    return breakView.parse(publicView(reply.break));
  }

  @Post('break_proposals')
  @HttpCode(200)
  @ForOperator('finance_maker')
  @Operation({
    id: 'proposeBreaks',
    summary: 'Propose resolutions, row by row',
    description: '`version` guards each row: who comes later gets `changed`. Never all or nothing.',
    door: 'operator',
    tag: 'Finance',
    body: proposalsBody,
    answers: { 200: bulk },
    problems: ['not_found'],
  })
  async propose(
    @Operator() operator: OperatorCaller,
    @ValidBody() { items }: z.output<typeof proposalsBody>,
  ): Promise<Bulk> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'breaks.propose', batchName(items), { items });
    const wanted = items.map(({ break: id, to, ...rest }) => ({
      ...{ id, ...rest },
      ...(to ? { to: { subscriberId: to.subscriber_id, branch: to.branch } } : {}),
    }));
    return bulkOf(await this.reconciliation.call('breaks.propose', { items: wanted, actor: operator.username }));
  }

  @Post('break_decisions')
  @HttpCode(200)
  @ForOperator('finance_checker')
  @Operation({
    id: 'decideBreaks',
    summary: 'Approve or reject proposals of somebody else',
    description:
      "A single row that is your own proposal answers 403 own_proposal; among several it is one row's outcome.",
    door: 'operator',
    tag: 'Finance',
    body: decisionsBody,
    answers: { 200: bulk },
    problems: ['not_found', 'own_proposal'],
  })
  async decide(
    @Operator() operator: OperatorCaller,
    @ValidBody() { items }: z.output<typeof decisionsBody>,
  ): Promise<Bulk> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'breaks.decide', batchName(items), { items });
    const wanted = items.map(({ break: id, ...rest }) => ({ id, ...rest }));
    const reply = await this.reconciliation.call('breaks.decide', { items: wanted, actor: operator.username });
    if (reply.items.length === 1 && reply.items[0]?.outcome === 'own_proposal') throw new Problem('own_proposal');
    return bulkOf(reply);
  }
}

function batchName(items: readonly { break: string }[]): string {
  return items.length === 1 ? `break/${items[0]?.break ?? ''}` : `breaks/${items.length}`;
}

function bulkOf(reply: { items: BreakDecision[] }): Bulk {
  return {
    object: 'bulk',
    data: reply.items.map(({ id, outcome, by }, index) => ({ index, break: id, outcome, ...(by ? { by } : {}) })),
  };
}

import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { CreditRunView } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { listOf, listSchema, Operation, ValidBody, ValidQuery, type ListOf } from '@yidian/http';
import { RpcUnknown } from '@yidian/messaging';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { ReconciliationRpc } from '../../platform';
import {
  creditRun,
  creditRunBody,
  creditRunOf,
  creditRunsQuery,
  numberSweep,
  numberSweepOf,
  type CreditRun,
  type NumberSweep,
} from './credit-runs.schema';
import { OperatorAudit } from './operator-audit';
import { ask, assertHeadquarters, branchOf, FINANCE_READERS } from './scope';
import { refusable } from './service-refusals';

/** A province is asked for its file and its numbers meanwhile; who waits longer reads the row later. */
const PATIENCE_MS = 20_000;

/** Provinces' own books beside ours: how far each is, and one of them run again. */
@Controller('v1/finance')
export class CreditRunsController {
  constructor(
    private readonly reconciliation: ReconciliationRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Get('credit_runs')
  @ForOperator(...FINANCE_READERS, 'branch_finance')
  @Operation({
    id: 'listCreditRuns',
    summary: "Provinces' own files of a range of dates beside our orders",
    description: 'Differences are breaks of the provider that each row names.',
    ...{ door: 'operator', tag: 'Finance', query: creditRunsQuery, answers: { 200: listSchema(creditRun) } },
    problems: ['not_found', 'busy'],
  })
  async list(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { branch, ...span }: z.output<typeof creditRunsQuery>,
  ): Promise<ListOf<CreditRun>> {
    const own = branchOf(operator);
    if (own !== undefined && branch !== undefined && branch !== own) throw new Problem('not_found');
    const only = own ?? branch;
    const wanted = { ...span, ...(only === undefined ? {} : { branch: only }) };
    const { runs } = await ask(this.reconciliation.call('credit_runs.list', wanted));
    return listOf('/v1/finance/credit_runs', runs.map(creditRunOf), null);
  }

  @Get('number_sweeps')
  @ForOperator(...FINANCE_READERS, 'branch_finance')
  @Operation({
    id: 'listNumberSweeps',
    summary: 'How far the rounds over all numbers of each province are: owner and status as it says, beside ours',
    description: 'Differences are breaks of the province’s own book, of the classes `number_…`.',
    ...{ door: 'operator', tag: 'Finance', answers: { 200: listSchema(numberSweep) } },
    problems: ['busy'],
  })
  async rounds(@Operator() operator: OperatorCaller): Promise<ListOf<NumberSweep>> {
    const own = branchOf(operator);
    const wanted = own === undefined ? {} : { branch: own };
    const { sweeps } = await ask(this.reconciliation.call('number_sweeps.list', wanted));
    return listOf('/v1/finance/number_sweeps', sweeps.map(numberSweepOf), null);
  }

  @Post('credit_runs')
  @HttpCode(202)
  @ForOperator('finance_maker', 'operations')
  @Operation({
    id: 'runCreditRun',
    summary: "Lay a province's file of a date beside our orders, now",
    description:
      'Doing it again is harmless: the same file finds the same breaks. `state` is `wanted` while the file is not there; ' +
      '`updated_at` tells when it was last compared.',
    ...{ door: 'operator', tag: 'Finance', body: creditRunBody, answers: { 202: creditRun } },
    problems: ['not_found', 'busy'],
  })
  async run(
    @Operator() operator: OperatorCaller,
    @ValidBody() body: z.output<typeof creditRunBody>,
  ): Promise<CreditRun> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'credit_run.run', `credit_run/${body.branch}/${body.date}`, body);
    const run = (await this.now(body)) ?? (await this.asItStands(body));
    return creditRunOf(run);
  }

  /** Null: not there yet, or still at it. */
  private async now(body: z.output<typeof creditRunBody>): Promise<CreditRunView | null> {
    try {
      return (await refusable(this.reconciliation.call('credit_runs.run', body, PATIENCE_MS))).run;
    } catch (error) {
      if (error instanceof RpcUnknown) return null;
      throw error;
    }
  }

  private async asItStands({ branch, date }: z.output<typeof creditRunBody>): Promise<CreditRunView> {
    const { runs } = await ask(this.reconciliation.call('credit_runs.list', { from: date, to: date, branch }));
    const [run] = runs;
    if (!run) throw new Problem('busy', { retryAfter: 2 });
    return run;
  }
}

import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { listOf, listSchema, Operation, ValidBody, ValidParams, ValidQuery, type ListOf } from '@yidian/http';
import { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { ReconciliationRpc } from '../../platform';
import { day, dateBody, nightBody, run, runParams, signOff, today, type Today } from './finance.schema';
import { FinanceToday } from './finance-today';
import { OperatorAudit } from './operator-audit';
import { publicView } from './public-view';
import { ask, assertHeadquarters, FINANCE_READERS } from './scope';

const daysQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(60).default(14) });

@Controller('v1/finance')
export class DaysController {
  constructor(
    private readonly reconciliation: ReconciliationRpc,
    private readonly financeToday: FinanceToday,
    private readonly audit: OperatorAudit,
  ) {}

  @Get('today')
  @ForOperator(...FINANCE_READERS, 'branch_finance')
  @Operation({
    id: 'getFinanceToday',
    summary: 'What needs attention now',
    door: 'operator',
    tag: 'Finance',
    answers: { 200: today },
    problems: ['busy'],
  })
  today(@Operator() operator: OperatorCaller): Promise<Today> {
    return this.financeToday.execute(operator);
  }

  @Get('days')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'listDays',
    summary: 'Provider and date: has the night ended well',
    door: 'operator',
    tag: 'Finance',
    query: daysQuery,
    answers: { 200: listSchema(day) },
    problems: ['busy', 'not_found'],
  })
  async days(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { limit }: z.output<typeof daysQuery>,
  ): Promise<ListOf<z.output<typeof day>>> {
    assertHeadquarters(operator);
    const reply = await ask(this.reconciliation.call('days.list', { limit }));
    return listOf(
      '/v1/finance/days',
      reply.days.map((one) => day.parse(publicView(one))),
      null,
    );
  }

  @Post('nights')
  @HttpCode(202)
  @ForOperator('finance_maker', 'operations')
  @Operation({
    id: 'runNight',
    summary: 'Start what is due for a date',
    description: 'Doing it again is harmless: what is done stays done, what failed is tried again.',
    door: 'operator',
    tag: 'Finance',
    body: nightBody,
    answers: { 202: day },
    problems: ['not_found'],
  })
  async night(
    @Operator() operator: OperatorCaller,
    @ValidBody() body: z.output<typeof nightBody>,
  ): Promise<z.output<typeof day>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'night.run', `night/${body.date}`, body);
    return day.parse(publicView(await this.reconciliation.call('night.run', { ...body, actor: operator.username })));
  }

  @Get('runs/:provider/:date')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'getRun',
    summary: 'One provider, one date: bridges, counts, hashes',
    door: 'operator',
    tag: 'Finance',
    params: runParams,
    answers: { 200: run },
    problems: ['not_found', 'busy'],
  })
  async run(
    @Operator() operator: OperatorCaller,
    @ValidParams() params: z.output<typeof runParams>,
  ): Promise<z.output<typeof run>> {
    assertHeadquarters(operator);
    const reply = await ask(this.reconciliation.call('runs.get', params));
    if (!reply.run) throw new Problem('not_found');
    return run.parse(publicView(reply.run));
  }

  @Post('day_sign_offs')
  @HttpCode(200)
  @ForOperator('finance_checker')
  @Operation({
    id: 'signOffDay',
    summary: 'Sign a day off, when every provider-day is settled',
    description: '`not_ready` says in `checks` what is missing.',
    door: 'operator',
    tag: 'Finance',
    body: dateBody,
    answers: { 200: signOff },
    problems: ['not_found'],
  })
  async signOff(
    @Operator() operator: OperatorCaller,
    @ValidBody() { date }: z.output<typeof dateBody>,
  ): Promise<z.output<typeof signOff>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'day.sign_off', `day/${date}`);
    return signOff.parse(publicView(await this.reconciliation.call('day.signOff', { date, actor: operator.username })));
  }
}

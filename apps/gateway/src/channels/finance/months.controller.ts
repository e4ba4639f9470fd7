import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { MonthReply } from '@yidian/contracts';
import { listOf, listSchema, Operation, ValidBody, ValidParams, ValidQuery, type ListOf } from '@yidian/http';
import { fromDigits, toJson } from '@yidian/money';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { SettlementRpc } from '../../platform';
import {
  closingBody,
  monthBrief,
  monthParams,
  monthsOf,
  monthsQuery,
  monthView,
  providerInvoice,
  providerInvoiceBody,
  trialBalance,
} from './months.schema';
import { OperatorAudit } from './operator-audit';
import { publicView } from './public-view';
import { ask, assertHeadquarters, FINANCE_READERS } from './scope';
import { refusable } from './service-refusals';

type Month = z.output<typeof monthView>;
type Params = z.output<typeof monthParams>;

/** Closing goes through a month's figures, sign-off through both ledgers: longer than a question. */
const CLOSE_MS = 25_000;

/** The close of a month: one person closes it step by step, another signs it off. */
@Controller('v1/finance')
export class MonthsController {
  constructor(
    private readonly settlement: SettlementRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Get('months')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'listMonths',
    summary: 'How far months are, newest first',
    ...{ door: 'operator', tag: 'Settlement', query: monthsQuery, answers: { 200: listSchema(monthBrief) } },
    problems: ['not_found', 'busy'],
  })
  async list(
    @Operator() operator: OperatorCaller,
    @ValidQuery() span: z.output<typeof monthsQuery>,
  ): Promise<ListOf<z.output<typeof monthBrief>>> {
    assertHeadquarters(operator);
    const months = await Promise.all(monthsOf(span).map((month) => this.find(month)));
    return listOf(
      '/v1/finance/months',
      months.map((one) => monthBrief.parse(publicView(one))),
      null,
    );
  }

  @Get('months/:month')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'getMonth',
    summary: 'One month: its steps and what each has booked',
    ...{ door: 'operator', tag: 'Settlement', params: monthParams, answers: { 200: monthView } },
    problems: ['not_found', 'busy'],
  })
  async one(@Operator() operator: OperatorCaller, @ValidParams() { month }: Params): Promise<Month> {
    assertHeadquarters(operator);
    return viewOf(await this.find(month));
  }

  @Get('months/:month/trial_balance')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'getTrialBalance',
    summary: 'Every account of the money ledger as the month was signed off on',
    ...{ door: 'operator', tag: 'Settlement', params: monthParams, answers: { 200: trialBalance } },
    problems: ['not_found', 'busy'],
  })
  async trial(
    @Operator() operator: OperatorCaller,
    @ValidParams() { month }: Params,
  ): Promise<z.output<typeof trialBalance>> {
    assertHeadquarters(operator);
    const { state, trialBalance: rows, digest } = await this.find(month);
    const balances = rows.map(({ account, balance }) => ({ account, balance: fromDigits(balance) }));
    return {
      ...{ object: 'trial_balance', month, state, digest },
      accounts: balances.map(({ account, balance }) => ({ account, balance: toJson(balance) })),
      total: toJson(balances.reduce((sum, { balance }) => sum + balance, 0n)),
    };
  }

  @Post('months/:month/closings')
  @HttpCode(200)
  @ForOperator('finance_maker')
  @Operation({
    id: 'closeMonth',
    summary: 'Close a month as far as it can be closed',
    description: 'Asked again it goes on where it stopped; a step that cannot be done says why.',
    ...{ door: 'operator', tag: 'Settlement', params: monthParams, body: closingBody, answers: { 200: monthView } },
    problems: ['not_found', 'month_not_over', 'state_conflict', 'busy'],
  })
  async close(
    @Operator() operator: OperatorCaller,
    @ValidParams() { month }: Params,
    @ValidBody() { missing }: z.output<typeof closingBody>,
  ): Promise<Month> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'month.close', `month/${month}`, { missing });
    const wanted = { month, missing, actor: operator.username };
    return viewOf(await refusable(this.settlement.call('months.run', wanted, CLOSE_MS)));
  }

  @Post('months/:month/sign_offs')
  @HttpCode(200)
  @ForOperator('finance_checker')
  @Operation({
    id: 'signOffMonth',
    summary: 'Sign off a month that somebody else has closed',
    description: 'Refused while an invariant does not hold or the trial balance does not add up to zero.',
    ...{ door: 'operator', tag: 'Settlement', params: monthParams, answers: { 200: monthView } },
    problems: ['not_found', 'own_proposal', 'state_conflict', 'busy'],
  })
  async signOff(@Operator() operator: OperatorCaller, @ValidParams() { month }: Params): Promise<Month> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'month.sign_off', `month/${month}`);
    const wanted = { month, actor: operator.username };
    return viewOf(await refusable(this.settlement.call('months.signOff', wanted, CLOSE_MS)));
  }

  @Post('provider_invoices')
  @HttpCode(200)
  @ForOperator('finance_maker')
  @Operation({
    id: 'enterProviderInvoice',
    summary: 'What a provider bills for a month',
    description: 'The same number again must be the same amount.',
    ...{ door: 'operator', tag: 'Settlement', body: providerInvoiceBody, answers: { 200: providerInvoice } },
    problems: ['not_found', 'state_conflict', 'busy'],
  })
  async invoice(
    @Operator() operator: OperatorCaller,
    @ValidBody() body: z.output<typeof providerInvoiceBody>,
  ): Promise<z.output<typeof providerInvoice>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'provider_invoice.enter', `provider/${body.provider}/month/${body.month}`, body);
    const wanted = { ...body, amount: String(body.amount), actor: operator.username };
    const { replay } = await refusable(this.settlement.call('invoices.enter', wanted));
    return { object: 'provider_invoice', ...body, replayed: replay };
  }

  private find(month: string): Promise<MonthReply> {
    return ask(refusable(this.settlement.call('months.status', { month })));
  }
}

const viewOf = (reply: MonthReply): Month => monthView.parse(publicView(reply));

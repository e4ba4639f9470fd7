import { Controller, Get, Header, StreamableFile } from '@nestjs/common';
import type { PartyStatement } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { Operation, ValidParams, ValidQuery } from '@yidian/http';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { BillingRpc, SettlementRpc } from '../../platform';
import { dateQuery, partyParams } from './finance.schema';
import { publicView } from './public-view';
import { ask, assertHeadquarters, branchOf, FINANCE_READERS } from './scope';
import { invariants, partyStatement, positions } from './settlement.schema';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

@Controller('v1/finance')
export class PositionsController {
  constructor(
    private readonly settlement: SettlementRpc,
    private readonly billing: BillingRpc,
  ) {}

  @Get('positions')
  @ForOperator(...FINANCE_READERS, 'branch_finance')
  @Operation({
    id: 'getPositions',
    summary: 'Who owes whom after the night',
    door: 'operator',
    tag: 'Settlement',
    query: dateQuery,
    answers: { 200: positions },
    problems: ['busy'],
  })
  async positions(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { date }: z.output<typeof dateQuery>,
  ): Promise<z.output<typeof positions>> {
    const branch = branchOf(operator);
    const reply = await ask(this.settlement.call('positions.get', { date, ...(branch ? { branch } : {}) }));
    return positions.parse(publicView(reply));
  }

  @Get('statements/:party/:date')
  @ForOperator(...FINANCE_READERS, 'branch_finance')
  @Operation({
    id: 'getPartyStatement',
    summary: "One party's day",
    door: 'operator',
    tag: 'Settlement',
    params: partyParams,
    answers: { 200: partyStatement },
    problems: ['not_found', 'busy'],
  })
  async statement(
    @Operator() operator: OperatorCaller,
    @ValidParams() params: z.output<typeof partyParams>,
  ): Promise<z.output<typeof partyStatement>> {
    return partyStatement.parse(publicView(await this.find(operator, params)));
  }

  @Get('statements/:party/:date/xlsx')
  @ForOperator(...FINANCE_READERS, 'branch_finance')
  @Header('Content-Type', XLSX)
  @Operation({
    id: 'downloadPartyStatement',
    summary: 'The same as a spreadsheet',
    door: 'operator',
    tag: 'Settlement',
    params: partyParams,
    answers: { 200: XLSX },
    problems: ['not_found', 'busy'],
  })
  async xlsx(
    @Operator() operator: OperatorCaller,
    @ValidParams() params: z.output<typeof partyParams>,
  ): Promise<StreamableFile> {
    const statement = await this.find(operator, params);
    return new StreamableFile(Buffer.from(statement.xlsxBase64, 'base64'), {
      type: XLSX,
      disposition: `attachment; filename="statement-${statement.party}-${statement.date}.xlsx"`,
    });
  }

  @Get('invariants')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'getInvariants',
    summary: 'Do the two ledgers agree, now',
    door: 'operator',
    tag: 'Settlement',
    answers: { 200: invariants },
    problems: ['not_found', 'busy'],
  })
  async invariants(@Operator() operator: OperatorCaller): Promise<z.output<typeof invariants>> {
    assertHeadquarters(operator);
    const [money, service, chains] = await ask(
      Promise.all([
        this.settlement.call('ledger.invariants', {}, VERIFY_MS),
        this.billing.call('ledger.verify', {}, VERIFY_MS),
        this.settlement.call('ledger.verify', {}, VERIFY_MS),
      ]),
    );
    const named = new Map([...money.checks, ...chains.checks, ...service.checks].map((one) => [one.name, one]));
    const ok = money.ok && service.ok && chains.ok;
    return invariants.parse(publicView({ ok, checks: [...named.values()], branches: money.branches }));
  }

  /** A foreign branch's statement does not exist for an operator of one branch. */
  private async find(operator: OperatorCaller, { party, date }: z.output<typeof partyParams>): Promise<PartyStatement> {
    const branch = branchOf(operator);
    if (branch !== undefined && party !== branch) throw new Problem('not_found');
    const reply = await ask(this.settlement.call('statements.get', { party, date }));
    if (!reply.statement) throw new Problem('not_found');
    return reply.statement;
  }
}

/** Walking both ledgers takes longer than a question. */
const VERIFY_MS = 25_000;

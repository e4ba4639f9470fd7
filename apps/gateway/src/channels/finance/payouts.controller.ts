import { Controller, Get, Header, HttpCode, Post, StreamableFile } from '@nestjs/common';
import { listOf, listSchema, Operation, ValidBody, ValidParams, type ListOf } from '@yidian/http';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { SettlementRpc } from '../../platform';
import { OperatorAudit } from './operator-audit';
import { decisionBody, payoutProposal, payoutRun, runBody, runParams } from './payouts.schema';
import { publicView } from './public-view';
import { ask, assertHeadquarters, FINANCE_READERS } from './scope';
import { refusable } from './service-refusals';

type Run = z.output<typeof payoutRun>;
type Params = z.output<typeof runParams>;
const XML = 'application/xml';

/** What headquarters pays out: proposed by one, approved by two others, ordered from the bank only then. */
@Controller('v1/finance/payout_runs')
export class PayoutsController {
  constructor(
    private readonly settlement: SettlementRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Get()
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'listPayoutRuns',
    summary: 'Payout runs, latest first',
    ...{ door: 'operator', tag: 'Payouts', answers: { 200: listSchema(payoutRun) }, problems: ['not_found', 'busy'] },
  })
  async list(@Operator() operator: OperatorCaller): Promise<ListOf<Run>> {
    assertHeadquarters(operator);
    const { runs } = await ask(refusable(this.settlement.call('payouts.list', {})));
    return listOf('/v1/finance/payout_runs', runs.map(viewOf), null);
  }

  @Post()
  @HttpCode(200)
  @ForOperator('finance_maker')
  @Operation({
    id: 'proposePayouts',
    summary: 'Propose to pay what headquarters owes',
    description: 'Who owes us, has no approved payee or has not confirmed the statement asked for is left out by name.',
    ...{ door: 'operator', tag: 'Payouts', body: runBody, answers: { 200: payoutProposal } },
    problems: ['not_found', 'state_conflict', 'busy'],
  })
  async propose(
    @Operator() operator: OperatorCaller,
    @ValidBody() body: z.output<typeof runBody>,
  ): Promise<z.output<typeof payoutProposal>> {
    assertHeadquarters(operator);
    const { account, execution_day: executionDay, parties, refunds, period } = body;
    const shown = { ...body, parties: parties?.length, refunds: refunds?.length };
    await this.audit.record(operator, 'payouts.propose', `payouts/${account}`, shown);
    const asked = refunds?.map(({ payment, branch, amount }) => ({
      ...{ paymentNo: payment.slice('pay_'.length), branch, amount: String(amount) },
    }));
    const wanted = {
      ...{ account, actor: operator.username },
      ...(executionDay === undefined ? {} : { executionDay }),
      ...(parties === undefined ? {} : { parties }),
      ...(asked === undefined ? {} : { refunds: asked }),
      ...(period === undefined ? {} : { period }),
    };
    const reply = await refusable(this.settlement.call('payouts.propose', wanted));
    return payoutProposal.parse(publicView(reply));
  }

  @Get(':run')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'getPayoutRun',
    summary: 'One run and what became of each payout',
    ...{ door: 'operator', tag: 'Payouts', params: runParams, answers: { 200: payoutRun } },
    problems: ['not_found', 'busy'],
  })
  async one(@Operator() operator: OperatorCaller, @ValidParams() { run }: Params): Promise<Run> {
    assertHeadquarters(operator);
    return viewOf(await ask(refusable(this.settlement.call('payouts.get', { runId: run }))));
  }

  @Get(':run/file')
  @ForOperator(...FINANCE_READERS)
  @Header('Content-Type', XML)
  @Operation({
    id: 'downloadPayoutFile',
    summary: 'The order to the bank (pain.001) of a run that was sent',
    ...{ door: 'operator', tag: 'Payouts', params: runParams, answers: { 200: XML } },
    problems: ['not_found', 'busy'],
  })
  async file(@Operator() operator: OperatorCaller, @ValidParams() { run }: Params): Promise<StreamableFile> {
    assertHeadquarters(operator);
    const file = await ask(refusable(this.settlement.call('payouts.file', { runId: run })));
    await this.audit.record(operator, 'payouts.download', `payout_run/${run}`, { sha256: file.sha256 });
    return new StreamableFile(Buffer.from(file.contentBase64, 'base64'), {
      type: XML,
      disposition: `attachment; filename="${file.fileName.replace(/[^\w.-]/g, '_')}"`,
    });
  }

  @Post(':run/decisions')
  @HttpCode(200)
  @ForOperator('finance_checker')
  @Operation({
    id: 'decidePayoutRun',
    summary: "Approve or reject somebody else's run",
    description: 'The second approval, by a third person, orders it from the bank. A rejected run is withdrawn.',
    ...{ door: 'operator', tag: 'Payouts', params: runParams, body: decisionBody, answers: { 200: payoutRun } },
    problems: ['not_found', 'own_proposal', 'state_conflict', 'busy'],
  })
  async decide(
    @Operator() operator: OperatorCaller,
    @ValidParams() { run }: Params,
    @ValidBody() { decision }: z.output<typeof decisionBody>,
  ): Promise<Run> {
    assertHeadquarters(operator);
    await this.audit.record(operator, `payouts.${decision}`, `payout_run/${run}`);
    if (decision === 'reject') return this.withdrawn(run);
    const wanted = { runId: run, actor: operator.username };
    return viewOf(await refusable(this.settlement.call('payouts.approve', wanted)));
  }

  @Post(':run/withdrawals')
  @HttpCode(200)
  @ForOperator('finance_maker')
  @Operation({
    id: 'withdrawPayoutRun',
    summary: 'Take back a run that is not sent yet',
    ...{ door: 'operator', tag: 'Payouts', params: runParams, answers: { 200: payoutRun } },
    problems: ['not_found', 'state_conflict', 'busy'],
  })
  async withdraw(@Operator() operator: OperatorCaller, @ValidParams() { run }: Params): Promise<Run> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'payouts.withdraw', `payout_run/${run}`);
    return this.withdrawn(run);
  }

  private async withdrawn(run: string): Promise<Run> {
    return viewOf(await refusable(this.settlement.call('payouts.withdraw', { runId: run })));
  }
}

const viewOf = (run: object): Run => payoutRun.parse(publicView(run));

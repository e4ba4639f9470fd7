import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { listOf, listQuery, listSchema, Operation, ValidBody, ValidQuery, type ListOf } from '@yidian/http';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { SettlementRpc } from '../../platform';
import { OperatorAudit } from './operator-audit';
import { publicView } from './public-view';
import { ask, assertHeadquarters, FINANCE_READERS } from './scope';
import { refusable } from './service-refusals';
import {
  bankEntryView,
  bankStatementBody,
  bankStatementView,
  entryCursor,
  entryDecisionBody,
  entryProposalBody,
  payoutReportBody,
  payoutReportView,
  payoutsInQuery,
  payoutsInView,
  payoutStatusBody,
  payoutStatusView,
  prefundBody,
  prefundView,
  setOffBody,
  setOffView,
  treasuryView,
} from './treasury.schema';

type Entry = z.output<typeof bankEntryView>;

/** A file is read and booked before it is answered: longer than a question. */
const FILE_MS = 25_000;

/** Headquarters' own accounts at banks: what came in and went out, and whose money it is. */
@Controller('v1/finance')
export class TreasuryController {
  constructor(
    private readonly settlement: SettlementRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Get('treasury')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'getTreasury',
    summary: "Our own accounts, and how each provider's money arrives",
    ...{ door: 'operator', tag: 'Treasury', answers: { 200: treasuryView }, problems: ['not_found', 'busy'] },
  })
  async terms(@Operator() operator: OperatorCaller): Promise<z.output<typeof treasuryView>> {
    assertHeadquarters(operator);
    return treasuryView.parse(publicView(await ask(refusable(this.settlement.call('treasury.terms', {})))));
  }

  @Post('bank_statements')
  @HttpCode(200)
  @ForOperator('finance_maker')
  @Operation({
    id: 'importBankStatement',
    summary: 'Bring an account statement (camt.053) of one of our own accounts',
    description: 'The same file again changes nothing. What a rule explains is booked; the rest waits for two people.',
    ...{ door: 'operator', tag: 'Treasury', body: bankStatementBody, answers: { 200: bankStatementView } },
    problems: ['not_found', 'state_conflict', 'busy'],
  })
  async bankStatement(
    @Operator() operator: OperatorCaller,
    @ValidBody() { account, content_base64: contentBase64 }: z.output<typeof bankStatementBody>,
  ): Promise<z.output<typeof bankStatementView>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'bank.import', `own_account/${account}`, { bytes: bytesOf(contentBase64) });
    const wanted = { account, contentBase64, actor: operator.username };
    return bankStatementView.parse(publicView(await refusable(this.settlement.call('bank.import', wanted, FILE_MS))));
  }

  @Get('bank_entries')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'listUnexplainedBankEntries',
    summary: 'Entries on our accounts that nobody has explained, oldest first',
    ...{ door: 'operator', tag: 'Treasury', query: listQuery, answers: { 200: listSchema(bankEntryView) } },
    problems: ['not_found', 'busy'],
  })
  async entries(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { limit, cursor }: z.output<typeof listQuery>,
  ): Promise<ListOf<Entry>> {
    assertHeadquarters(operator);
    const after = cursor === undefined ? null : entryCursor(cursor);
    const { entries, next } = await ask(refusable(this.settlement.call('bank.unexplained', { after, limit })));
    return listOf('/v1/finance/bank_entries', entries.map(entryOf), next && `${next.valueDay}.${next.entryId}`);
  }

  @Post('bank_entry_proposals')
  @HttpCode(200)
  @ForOperator('finance_maker')
  @Operation({
    id: 'proposeBankEntry',
    summary: 'Say whose money an entry is',
    ...{ door: 'operator', tag: 'Treasury', body: entryProposalBody, answers: { 200: bankEntryView } },
    problems: ['not_found', 'provider_unknown', 'state_conflict', 'busy'],
  })
  async propose(
    @Operator() operator: OperatorCaller,
    @ValidBody() { entry, provider }: z.output<typeof entryProposalBody>,
  ): Promise<Entry> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'bank_entry.propose', `bank_entry/${entry}`, { provider });
    const wanted = { entryId: entry, provider, actor: operator.username };
    return entryOf(await refusable(this.settlement.call('bank.propose', wanted)));
  }

  @Post('bank_entry_decisions')
  @HttpCode(200)
  @ForOperator('finance_checker')
  @Operation({
    id: 'decideBankEntry',
    summary: "Approve or reject somebody else's explanation of an entry",
    description: 'Approved, it is booked; rejected, it is unexplained again.',
    ...{ door: 'operator', tag: 'Treasury', body: entryDecisionBody, answers: { 200: bankEntryView } },
    problems: ['not_found', 'own_proposal', 'state_conflict', 'busy'],
  })
  async decide(
    @Operator() operator: OperatorCaller,
    @ValidBody() { entry, decision }: z.output<typeof entryDecisionBody>,
  ): Promise<Entry> {
    assertHeadquarters(operator);
    await this.audit.record(operator, `bank_entry.${decision}`, `bank_entry/${entry}`);
    const wanted = { entryId: entry, decision, actor: operator.username };
    return entryOf(await refusable(this.settlement.call('bank.decide', wanted)));
  }

  @Post('payout_reports')
  @HttpCode(200)
  @ForOperator('finance_maker')
  @Operation({
    id: 'importPayoutReport',
    summary: 'Bring what a provider says itself of its payouts to us',
    description:
      'A fund flow, balance or payout report. Only its payout lines count; the same file again changes nothing.',
    ...{ door: 'operator', tag: 'Treasury', body: payoutReportBody, answers: { 200: payoutReportView } },
    problems: ['not_found', 'provider_unknown', 'busy'],
  })
  async payoutReport(
    @Operator() operator: OperatorCaller,
    @ValidBody() body: z.output<typeof payoutReportBody>,
  ): Promise<z.output<typeof payoutReportView>> {
    assertHeadquarters(operator);
    const { provider, file_name: fileName, content_base64: contentBase64 } = body;
    const shown = { fileName, bytes: bytesOf(contentBase64) };
    await this.audit.record(operator, 'payout_report.import', `provider/${provider}`, shown);
    const wanted = { provider, fileName, contentBase64, actor: operator.username };
    const imported = await refusable(this.settlement.call('payouts_in.import', wanted, FILE_MS));
    return payoutReportView.parse(publicView(imported));
  }

  @Get('provider_payouts')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'matchProviderPayouts',
    summary: 'Statement dates of a provider, its own word and what our bank booked, side by side',
    ...{ door: 'operator', tag: 'Treasury', query: payoutsInQuery, answers: { 200: payoutsInView } },
    problems: ['not_found', 'provider_unknown', 'busy'],
  })
  async payoutsIn(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { provider, as_of: asOf }: z.output<typeof payoutsInQuery>,
  ): Promise<z.output<typeof payoutsInView>> {
    assertHeadquarters(operator);
    const matched = await ask(refusable(this.settlement.call('payouts_in.match', { provider, asOf })));
    return payoutsInView.parse(publicView(matched));
  }

  @Post('payout_statuses')
  @HttpCode(200)
  @ForOperator('finance_maker')
  @Operation({
    id: 'takePayoutStatus',
    summary: "Bring the bank's answer (pain.002) to a payout order",
    description: "Only an explicit refusal ends a payout; success is proven by the account's statement.",
    ...{ door: 'operator', tag: 'Payouts', body: payoutStatusBody, answers: { 200: payoutStatusView } },
    problems: ['not_found', 'busy'],
  })
  async payoutStatus(
    @Operator() operator: OperatorCaller,
    @ValidBody() { date, content_base64: contentBase64 }: z.output<typeof payoutStatusBody>,
  ): Promise<z.output<typeof payoutStatusView>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'payouts.status', `payouts/${date}`, { bytes: bytesOf(contentBase64) });
    const wanted = { date, contentBase64, actor: operator.username };
    return payoutStatusView.parse(publicView(await refusable(this.settlement.call('payouts.status', wanted, FILE_MS))));
  }

  @Post('prefund_applications')
  @HttpCode(200)
  @ForOperator('finance_maker')
  @Operation({
    id: 'applyPrefund',
    summary: 'Pay what a partner has collected out of what it paid in before',
    description: 'Every settled date as far as the money goes; asked again it goes on where it stopped.',
    ...{ door: 'operator', tag: 'Treasury', body: prefundBody, answers: { 200: prefundView } },
    problems: ['not_found', 'state_conflict', 'busy'],
  })
  async prefund(
    @Operator() operator: OperatorCaller,
    @ValidBody() { provider }: z.output<typeof prefundBody>,
  ): Promise<z.output<typeof prefundView>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'prefund.apply', `provider/${provider}`);
    return prefundView.parse(publicView(await refusable(this.settlement.call('prefund.apply', { provider }))));
  }

  @Post('set_offs')
  @HttpCode(200)
  @ForOperator('finance_maker')
  @Operation({
    id: 'postSetOff',
    summary: "Set a provider's invoiced fees off against what it owes, where its contract says so",
    ...{ door: 'operator', tag: 'Treasury', body: setOffBody, answers: { 200: setOffView } },
    problems: ['not_found', 'state_conflict', 'busy'],
  })
  async setOff(
    @Operator() operator: OperatorCaller,
    @ValidBody() { reference, provider, date }: z.output<typeof setOffBody>,
  ): Promise<z.output<typeof setOffView>> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'set_off.post', `provider/${provider}`, { reference, date });
    const wanted = { key: reference, provider, date, actor: operator.username };
    const posted = await refusable(this.settlement.call('set_off.post', wanted));
    return setOffView.parse({ ...(publicView(posted) as object), reference, replayed: posted.replay });
  }
}

const bytesOf = (base64: string): number => Buffer.byteLength(base64, 'base64');
const entryOf = (entry: object): Entry => bankEntryView.parse(publicView(entry));

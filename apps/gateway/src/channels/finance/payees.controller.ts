import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { listOf, listSchema, Operation, ValidBody, ValidParams, type ListOf } from '@yidian/http';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { SettlementRpc } from '../../platform';
import { OperatorAudit } from './operator-audit';
import { decisionBody, payeeBody, payeeParams, payeeView } from './payouts.schema';
import { publicView } from './public-view';
import { ask, assertHeadquarters, FINANCE_READERS } from './scope';
import { refusable } from './service-refusals';

type Payee = z.output<typeof payeeView>;

/** Whom headquarters may pay: an account counts only after another person's approval, and a wait after that. */
@Controller('v1/finance/payees')
export class PayeesController {
  constructor(
    private readonly settlement: SettlementRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Get()
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'listPayees',
    summary: 'Accounts that may be paid, and proposals for them',
    ...{ door: 'operator', tag: 'Payouts', answers: { 200: listSchema(payeeView) }, problems: ['not_found', 'busy'] },
  })
  async list(@Operator() operator: OperatorCaller): Promise<ListOf<Payee>> {
    assertHeadquarters(operator);
    const { payees } = await ask(refusable(this.settlement.call('payees.list', {})));
    return listOf('/v1/finance/payees', payees.map(viewOf), null);
  }

  @Post()
  @HttpCode(201)
  @ForOperator('finance_maker')
  @Operation({
    id: 'proposePayee',
    summary: 'Propose an account to pay a party to, or to retire it',
    ...{ door: 'operator', tag: 'Payouts', body: payeeBody, answers: { 201: payeeView } },
    problems: ['not_found', 'state_conflict', 'busy'],
  })
  async propose(@Operator() operator: OperatorCaller, @ValidBody() body: z.output<typeof payeeBody>): Promise<Payee> {
    assertHeadquarters(operator);
    const { party_kind: partyKind, ...rest } = body;
    const { party, action, reason, account } = rest;
    const shown = { action, reason, account: account.slice(-4).padStart(account.length, '*') };
    await this.audit.record(operator, 'payee.propose', `payee/${partyKind}/${party}`, shown);
    const wanted = { ...rest, partyKind, actor: operator.username };
    return viewOf(await refusable(this.settlement.call('payees.propose', wanted)));
  }

  @Post(':payee/decisions')
  @HttpCode(200)
  @ForOperator('finance_checker')
  @Operation({
    id: 'decidePayee',
    summary: "Approve or reject somebody else's proposal",
    ...{ door: 'operator', tag: 'Payouts', params: payeeParams, body: decisionBody, answers: { 200: payeeView } },
    problems: ['not_found', 'own_proposal', 'state_conflict', 'busy'],
  })
  async decide(
    @Operator() operator: OperatorCaller,
    @ValidParams() { payee }: z.output<typeof payeeParams>,
    @ValidBody() { decision }: z.output<typeof decisionBody>,
  ): Promise<Payee> {
    assertHeadquarters(operator);
    await this.audit.record(operator, `payee.${decision}`, `payee/${payee}`);
    const wanted = { id: payee, decision, actor: operator.username };
    return viewOf(await refusable(this.settlement.call('payees.decide', wanted)));
  }
}

const viewOf = (payee: object): Payee => payeeView.parse(publicView(payee));

import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { listOf, listSchema, Operation, ValidBody, ValidParams, ValidQuery, type ListOf } from '@yidian/http';
import { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { ChangeExposure } from '../../exposure/change-exposure';
import {
  changeBody,
  changeView,
  decisionBody,
  exposureView,
  type ChangeBody,
  type ChangeView,
  type DecisionBody,
  type ExposureView,
} from '../../exposure/exposure.schema';
import { Exposures } from '../../exposure/exposures';
import { OperatorAudit } from './operator-audit';
import { assertHeadquarters, FINANCE_READERS } from './scope';

const changeParams = z.strictObject({ change: z.string().min(1).max(40) });
const changesQuery = z.strictObject({
  partner: z.string().max(32).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

@Controller('v1/finance')
export class ExposuresController {
  constructor(
    private readonly exposures: Exposures,
    private readonly changes: ChangeExposure,
    private readonly audit: OperatorAudit,
  ) {}

  @Get('exposures')
  @ForOperator(...FINANCE_READERS, 'partner_manager')
  @Operation({
    id: 'listExposures',
    summary: 'What collecting partners hold, of what they may',
    door: 'operator',
    tag: 'Finance',
    answers: { 200: listSchema(exposureView) },
    problems: ['not_found'],
  })
  async list(@Operator() operator: OperatorCaller): Promise<ListOf<ExposureView>> {
    assertHeadquarters(operator);
    return listOf('/v1/finance/exposures', await this.exposures.all(), null);
  }

  @Post('exposure_changes')
  @HttpCode(201)
  @ForOperator('finance_maker')
  @Operation({
    id: 'proposeExposureChange',
    summary: "Propose a partner's deposit, remittance or limit",
    description: 'Counts for nothing until somebody else approves it. A receipt of the bank counts once.',
    door: 'operator',
    tag: 'Finance',
    body: changeBody,
    answers: { 201: changeView },
    problems: ['not_found', 'state_conflict'],
  })
  async propose(@Operator() operator: OperatorCaller, @ValidBody() body: ChangeBody): Promise<ChangeView> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'exposure.propose', `partner/${body.partner}`, body);
    return this.changes.propose(body, operator.username);
  }

  @Post('exposure_changes/:change/decisions')
  @HttpCode(200)
  @ForOperator('finance_checker')
  @Operation({
    id: 'decideExposureChange',
    summary: "Approve or reject somebody else's proposal",
    door: 'operator',
    tag: 'Finance',
    params: changeParams,
    body: decisionBody,
    answers: { 200: changeView },
    problems: ['not_found', 'own_proposal', 'state_conflict'],
  })
  async decide(
    @Operator() operator: OperatorCaller,
    @ValidParams() { change }: z.output<typeof changeParams>,
    @ValidBody() body: DecisionBody,
  ): Promise<ChangeView> {
    assertHeadquarters(operator);
    await this.audit.record(operator, `exposure.${body.decision}`, `exposure_change/${change}`, body);
    return this.changes.decide(change, body, operator.username);
  }

  @Get('exposure_changes')
  @ForOperator(...FINANCE_READERS, 'partner_manager')
  @Operation({
    id: 'listExposureChanges',
    summary: 'Deposits, remittances and limits, latest first',
    door: 'operator',
    tag: 'Finance',
    query: changesQuery,
    answers: { 200: listSchema(changeView) },
    problems: ['not_found'],
  })
  async listChanges(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { partner, limit }: z.output<typeof changesQuery>,
  ): Promise<ListOf<ChangeView>> {
    assertHeadquarters(operator);
    return listOf('/v1/finance/exposure_changes', await this.changes.list(partner, limit), null);
  }
}

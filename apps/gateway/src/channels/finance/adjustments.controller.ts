import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import {
  decodeCursor,
  encodeCursor,
  listOf,
  listSchema,
  Operation,
  ValidBody,
  ValidParams,
  ValidQuery,
  type ListOf,
} from '@yidian/http';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { SettlementRpc } from '../../platform';
import {
  adjustmentBody,
  adjustmentDecisionBody,
  adjustmentParams,
  adjustmentsQuery,
  adjustmentView,
  publicAdjustment,
  wantedLeg,
} from './adjustments.schema';
import { OperatorAudit } from './operator-audit';
import { ask, assertHeadquarters, FINANCE_READERS } from './scope';
import { refusable } from './service-refusals';

type Adjustment = z.output<typeof adjustmentView>;
type Params = z.output<typeof adjustmentParams>;

/** Corrections of what is signed off: one person proposes, another decides, an open date takes them. */
@Controller('v1/finance/adjustments')
export class AdjustmentsController {
  constructor(
    private readonly settlement: SettlementRpc,
    private readonly audit: OperatorAudit,
  ) {}

  @Get()
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'listAdjustments',
    summary: 'Corrections of what is signed off, newest first',
    ...{ door: 'operator', tag: 'Settlement', query: adjustmentsQuery, answers: { 200: listSchema(adjustmentView) } },
    problems: ['not_found', 'busy'],
  })
  async list(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { state, cursor, limit }: z.output<typeof adjustmentsQuery>,
  ): Promise<ListOf<Adjustment>> {
    assertHeadquarters(operator);
    const wanted = {
      limit,
      ...(state === undefined ? {} : { state }),
      ...(cursor === undefined ? {} : { after: decodeCursor(cursor, ['id']).id }),
    };
    const { adjustments, more } = await ask(refusable(this.settlement.call('adjustments.list', wanted)));
    const last = adjustments.at(-1);
    const next = more && last ? encodeCursor({ id: last.id }) : null;
    return listOf('/v1/finance/adjustments', adjustments.map(publicAdjustment), next);
  }

  @Get(':adjustment')
  @ForOperator(...FINANCE_READERS)
  @Operation({
    id: 'getAdjustment',
    summary: 'One correction: what it moves, on what evidence, and what became of it',
    ...{ door: 'operator', tag: 'Settlement', params: adjustmentParams, answers: { 200: adjustmentView } },
    problems: ['not_found', 'busy'],
  })
  async one(@Operator() operator: OperatorCaller, @ValidParams() { adjustment: id }: Params): Promise<Adjustment> {
    assertHeadquarters(operator);
    return publicAdjustment(await ask(refusable(this.settlement.call('adjustments.get', { id }))));
  }

  @Post()
  @HttpCode(201)
  @ForOperator('finance_maker')
  @Operation({
    id: 'proposeAdjustment',
    summary: 'Propose a correction of a day or month that is signed off',
    description:
      'Moves nothing until somebody else approves it. The same id again is the same correction. Before the sign-off it is refused with not_signed_off: settle the day again instead.',
    ...{ door: 'operator', tag: 'Settlement', body: adjustmentBody, answers: { 201: adjustmentView } },
    problems: ['not_found', 'not_signed_off', 'state_conflict', 'busy'],
  })
  async propose(
    @Operator() operator: OperatorCaller,
    @ValidBody() { legs, ...body }: z.output<typeof adjustmentBody>,
  ): Promise<Adjustment> {
    assertHeadquarters(operator);
    const { original, reason } = body;
    await this.audit.record(operator, 'adjustment.propose', `adjustment/${body.id}`, { original, legs, reason });
    const wanted = { ...body, legs: legs.map(wantedLeg), actor: operator.username };
    return publicAdjustment(await refusable(this.settlement.call('adjustments.propose', wanted)));
  }

  @Post(':adjustment/decisions')
  @HttpCode(200)
  @ForOperator('finance_checker')
  @Operation({
    id: 'decideAdjustment',
    summary: "Approve or reject somebody else's correction, once",
    description: 'Approved, it is posted for today, or for the first date after it that is not closed.',
    ...{ door: 'operator', tag: 'Settlement', params: adjustmentParams, body: adjustmentDecisionBody },
    answers: { 200: adjustmentView },
    problems: ['not_found', 'own_proposal', 'state_conflict', 'busy'],
  })
  async decide(
    @Operator() operator: OperatorCaller,
    @ValidParams() { adjustment: id }: Params,
    @ValidBody() { decision, note }: z.output<typeof adjustmentDecisionBody>,
  ): Promise<Adjustment> {
    assertHeadquarters(operator);
    await this.audit.record(operator, `adjustment.${decision}`, `adjustment/${id}`, { note });
    const wanted = { id, decision, note, actor: operator.username };
    return publicAdjustment(await refusable(this.settlement.call('adjustments.decide', wanted)));
  }
}

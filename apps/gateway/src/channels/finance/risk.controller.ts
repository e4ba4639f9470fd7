import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { toJson } from '@yidian/money';
import { listOf, listSchema, Operation, ValidBody, ValidParams, ValidQuery, type ListOf } from '@yidian/http';
import type { z } from 'zod';
import { ForOperator, Operator, type OperatorCaller } from '../../access';
import { BlocksStore, type BlockRow } from '../../risk/blocks.store';
import { ChangeBlocks } from '../../risk/change-blocks';
import { DecideReview } from '../../risk/decide-review';
import { ReviewsStore, type ReviewRow } from '../../risk/reviews.store';
import {
  blockBody,
  blockView,
  liftBody,
  reviewDecision,
  reviewsQuery,
  reviewView,
  type BlockBody,
  type BlockView,
  type ReviewDecision,
  type ReviewView,
} from '../../risk/risk.schema';
import { idParams, type IdParams } from '../partner-api/id-params';
import { OperatorAudit } from './operator-audit';
import { assertHeadquarters } from './scope';

const KINDS = ['number', 'account', 'partner', 'device', 'legal'] as const;
const SHOWN = 100;

/** What may not be paid, and what waits for somebody to look at it. */
@Controller('v1/risk')
export class RiskController {
  constructor(
    private readonly blocks: BlocksStore,
    private readonly changes: ChangeBlocks,
    private readonly reviews: ReviewsStore,
    private readonly deciding: DecideReview,
    private readonly audit: OperatorAudit,
  ) {}

  @Get('blocks')
  @ForOperator('operations', 'customer_care', 'auditor')
  @Operation({
    id: 'listBlocks',
    summary: 'Block lists and orders of authorities, latest first',
    door: 'operator',
    tag: 'Risk',
    answers: { 200: listSchema(blockView) },
    problems: ['not_found'],
  })
  async list(@Operator() operator: OperatorCaller): Promise<ListOf<BlockView>> {
    assertHeadquarters(operator);
    return listOf('/v1/risk/blocks', (await this.blocks.list(KINDS, SHOWN)).map(blockOf), null);
  }

  @Post('blocks')
  @HttpCode(201)
  @ForOperator('operations')
  @Operation({
    id: 'addBlock',
    summary: 'Put a number, an agreement, a partner or a device on a block list; `legal`: by order of an authority',
    description: 'Stands at once, on every process within two seconds. The number is in the body only.',
    door: 'operator',
    tag: 'Risk',
    body: blockBody,
    answers: { 201: blockView },
    problems: ['not_found', 'number_malformed'],
  })
  async add(@Operator() operator: OperatorCaller, @ValidBody() body: BlockBody): Promise<BlockView> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'block.add', `block/${body.kind}`, { reason: body.reason });
    return blockOf(await this.changes.add(body, operator.username));
  }

  @Post('blocks/:id/lifts')
  @HttpCode(200)
  @ForOperator('operations')
  @Operation({
    id: 'liftBlock',
    summary: 'Take an entry off a block list',
    door: 'operator',
    tag: 'Risk',
    params: idParams,
    body: liftBody,
    answers: { 200: blockView },
    problems: ['not_found'],
  })
  async lift(
    @Operator() operator: OperatorCaller,
    @ValidParams() { id }: IdParams,
    @ValidBody() body: z.output<typeof liftBody>,
  ): Promise<BlockView> {
    assertHeadquarters(operator);
    await this.audit.record(operator, 'block.lift', `block/${id}`, body);
    return blockOf(await this.changes.lift(id, operator.username, body.reason));
  }

  @Get('reviews')
  @ForOperator('operations', 'customer_care', 'auditor')
  @Operation({
    id: 'listRiskReviews',
    summary: 'Payments that are held until somebody has looked',
    door: 'operator',
    tag: 'Risk',
    query: reviewsQuery,
    answers: { 200: listSchema(reviewView) },
    problems: ['not_found'],
  })
  async waiting(
    @Operator() operator: OperatorCaller,
    @ValidQuery() { state, limit }: z.output<typeof reviewsQuery>,
  ): Promise<ListOf<ReviewView>> {
    assertHeadquarters(operator);
    return listOf('/v1/risk/reviews', (await this.reviews.list(state, limit)).map(reviewOf), null);
  }

  @Post('reviews/:id/decisions')
  @HttpCode(200)
  @ForOperator('operations')
  @Operation({
    id: 'decideRiskReview',
    summary: 'Let the like of a held payment through for a day, or not',
    description: 'Nothing is charged by it: the payer sends the payment again.',
    door: 'operator',
    tag: 'Risk',
    params: idParams,
    body: reviewDecision,
    answers: { 200: reviewView },
    problems: ['not_found', 'state_conflict'],
  })
  async decide(
    @Operator() operator: OperatorCaller,
    @ValidParams() { id }: IdParams,
    @ValidBody() body: ReviewDecision,
  ): Promise<ReviewView> {
    assertHeadquarters(operator);
    await this.audit.record(operator, `risk_review.${body.decision}`, `risk_review/${id}`, body);
    return reviewOf(await this.deciding.execute(id, body.decision, operator.username, body.reason));
  }
}

const blockOf = (row: BlockRow): BlockView => ({
  ...{ id: row.id, object: 'block', kind: row.kind, value: row.masked, reason: row.reason, made_by: row.made_by },
  ...{ created_at: row.created_at.toISOString(), lifted_by: row.ended_by },
  lifted_at: row.ended_at?.toISOString() ?? null,
});

const reviewOf = (row: ReviewRow): ReviewView => ({
  ...{ id: row.id, object: 'risk_review', rule: row.rule, state: row.state, payer: row.payer_masked },
  ...{ number: row.msisdn_masked, branch: row.branch, channel: row.channel, amount: toJson(row.amount) },
  ...{ currency: 'CNY', why: row.why, asked: row.asked, created_at: row.created_at.toISOString() },
  ...{ decided_by: row.decided_by, reason: row.reason, valid_until: row.valid_until?.toISOString() ?? null },
});

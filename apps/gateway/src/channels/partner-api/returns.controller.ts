import { Controller, Get, Post, Res } from '@nestjs/common';
import { IdempotencyKey, Operation, ValidBody, ValidParams } from '@yidian/http';
import type { FastifyReply } from 'fastify';
import { ForPartner, Partner, type PartnerCaller } from '../../access';
import {
  CreateRefund,
  createRefundRequest,
  CreateReversal,
  createReversalRequest,
  FindRefund,
  FindReversal,
  refundView,
  reversalView,
  type CreateRefundRequest,
  type CreateReversalRequest,
  type RefundView,
  type ReversalView,
} from '../../payments';
import { answered } from './answered';
import { idParams, type IdParams } from './id-params';
import { originOf } from './origin';

@Controller('v1/reversals')
export class ReversalsController {
  constructor(
    private readonly createReversal: CreateReversal,
    private readonly reversals: FindReversal,
  ) {}

  @Post()
  @ForPartner('reversals:create')
  @Operation({
    id: 'createReversal',
    summary: 'Reverse a payment you collected, the same business date',
    description:
      'By payment or by reference, also one we never saw: it is then blocked and a late original is refused.',
    door: 'partner',
    tag: 'Reversals and refunds',
    body: createReversalRequest,
    answers: { 201: reversalView, 202: reversalView },
    keyed: true,
    problems: ['not_found', 'reversal_window_closed', 'refund_exceeds_balance', 'state_conflict', 'maintenance'],
  })
  async create(
    @Partner() partner: PartnerCaller,
    @ValidBody() body: CreateReversalRequest,
    @IdempotencyKey() idempotencyKey: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReversalView> {
    return answered(reply, await this.createReversal.execute({ origin: originOf(partner), idempotencyKey, body }));
  }

  @Get(':id')
  @ForPartner('reversals:create', 'payments:read')
  @Operation({
    id: 'getReversal',
    summary: 'Read one reversal',
    door: 'partner',
    tag: 'Reversals and refunds',
    params: idParams,
    answers: { 200: reversalView },
    problems: ['not_found'],
  })
  one(@Partner() partner: PartnerCaller, @ValidParams() { id }: IdParams): Promise<ReversalView> {
    return this.reversals.byId(originOf(partner), id);
  }
}

@Controller('v1/refunds')
export class RefundsController {
  constructor(
    private readonly createRefund: CreateRefund,
    private readonly refunds: FindRefund,
  ) {}

  @Post()
  @ForPartner('refunds:create')
  @Operation({
    id: 'createRefund',
    summary: 'Return a payment, in whole or in part',
    door: 'partner',
    tag: 'Reversals and refunds',
    body: createRefundRequest,
    answers: { 201: refundView, 202: refundView },
    keyed: true,
    problems: [
      'not_found',
      'amount_not_integer',
      'amount_below_minimum',
      'refund_exceeds_paid',
      'refund_exceeds_balance',
      'state_conflict',
      'maintenance',
    ],
  })
  async create(
    @Partner() partner: PartnerCaller,
    @ValidBody() body: CreateRefundRequest,
    @IdempotencyKey() idempotencyKey: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RefundView> {
    return answered(reply, await this.createRefund.execute({ origin: originOf(partner), idempotencyKey, body }));
  }

  @Get(':id')
  @ForPartner('refunds:create', 'payments:read')
  @Operation({
    id: 'getRefund',
    summary: 'Read one refund',
    door: 'partner',
    tag: 'Reversals and refunds',
    params: idParams,
    answers: { 200: refundView },
    problems: ['not_found'],
  })
  one(@Partner() partner: PartnerCaller, @ValidParams() { id }: IdParams): Promise<RefundView> {
    return this.refunds.byId(originOf(partner), id);
  }
}

import { Controller, Get } from '@nestjs/common';
import {
  HotPost,
  listOf,
  listSchema,
  Operation,
  ValidParams,
  ValidQuery,
  expandQuery,
  type ListOf,
} from '@yidian/http';
import { z } from 'zod';
import { ForPartner, Partner, type PartnerCaller } from '../../access';
import {
  CreatePayment,
  createPaymentRequest,
  FindPayments,
  listPaymentsQuery,
  paymentView,
  type Answer,
  type CreatePaymentRequest,
  type ListPaymentsQuery,
  type PaymentView,
} from '../../payments';
import { assertFunding } from './funding';
import { idParams, type IdParams } from './id-params';
import { originOf } from './origin';
import type { PartnerCall } from './partner-call';

const oneQuery = z.strictObject({ expand: expandQuery(['attempts', 'topup', 'refunds', 'agreement']) });

@Controller('v1/payments')
export class PaymentsController {
  constructor(
    private readonly createPayment: CreatePayment,
    private readonly payments: FindPayments,
  ) {}

  @HotPost()
  @ForPartner('payments:create', 'payments:collect')
  @Operation({
    id: 'createPayment',
    summary: 'Pay, or collect what was already taken',
    description:
      '`funding.type` agreement and cashier need the scope payments:create; collected needs payments:collect. ' +
      '`final:true`: tell the payer. 202: being handled, ask again. 5xx or no answer: unknown, ask by reference.',
    door: 'partner',
    tag: 'Payments',
    body: createPaymentRequest,
    answers: { 201: paymentView, 202: paymentView },
    keyed: true,
    problems: [
      'amount_not_integer',
      'amount_step',
      'amount_below_minimum',
      'amount_above_maximum',
      'currency_not_supported',
      'number_malformed',
      'number_unknown',
      'number_closed',
      'number_ported_out',
      'number_suspended',
      'number_owner_changed',
      'reference_used',
      'reference_reversed',
      'agreement_not_active',
      'consent_missing',
      'limit_payment',
      'limit_day',
      'limit_month',
      'limit_cooling',
      'number_blocked',
      'velocity_exceeded',
      'held_for_review',
      'exposure_exceeded',
      'provider_unknown',
      'provider_down',
      'maintenance',
      'state_conflict',
    ],
  })
  create({ partner, idempotencyKey, body }: PartnerCall<CreatePaymentRequest>): Promise<Answer<PaymentView>> {
    assertFunding(partner, body);
    return this.createPayment.execute({ origin: originOf(partner), idempotencyKey, body });
  }

  @Get()
  @ForPartner('payments:read')
  @Operation({
    id: 'listPayments',
    summary: 'List payments, or ask by reference',
    description: '`reference` gives a list of 0 or 1: how to ask after a lost answer. Newest first.',
    door: 'partner',
    tag: 'Payments',
    query: listPaymentsQuery,
    answers: { 200: listSchema(paymentView) },
  })
  async list(@Partner() partner: PartnerCaller, @ValidQuery() query: ListPaymentsQuery): Promise<ListOf<PaymentView>> {
    const page = await this.payments.list(originOf(partner), query);
    return listOf('/v1/payments', page.data, page.next_cursor, page.has_more);
  }

  @Get(':id')
  @ForPartner('payments:read')
  @Operation({
    id: 'getPayment',
    summary: 'Read one payment',
    door: 'partner',
    tag: 'Payments',
    params: idParams,
    query: oneQuery,
    answers: { 200: paymentView },
    problems: ['not_found'],
  })
  one(
    @Partner() partner: PartnerCaller,
    @ValidParams() { id }: IdParams,
    @ValidQuery() query: z.output<typeof oneQuery>,
  ): Promise<PaymentView> {
    return this.payments.byId(originOf(partner), id, query.expand ?? []);
  }
}

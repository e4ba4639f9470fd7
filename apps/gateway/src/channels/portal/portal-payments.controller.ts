import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import {
  IdempotencyKey,
  listOf,
  listSchema,
  Operation,
  ValidBody,
  ValidParams,
  ValidQuery,
  type ListOf,
} from '@yidian/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Customer, ForCustomer, type CustomerCaller } from '../../access';
import { paymentView, type PaymentView } from '../../payments';
import { answered } from '../partner-api/answered';
import { idParams, type IdParams } from '../partner-api/id-params';
import { CustomerPayments } from './customer-payments';
import { deviceOf } from './device';
import { PaymentStreams } from './payment-streams';
import {
  portalPaymentRequest,
  portalPaymentsQuery,
  type PortalPaymentRequest,
  type PortalPaymentsQuery,
} from './portal.schema';

@Controller('v1/portal/payments')
export class PortalPaymentsController {
  constructor(
    private readonly payments: CustomerPayments,
    private readonly streams: PaymentStreams,
  ) {}

  @Post()
  @ForCustomer()
  @Operation({
    id: 'createPortalPayment',
    summary: 'Top up the own, a linked or another number',
    description: 'Another number needs the `number_query` in which the customer saw its branch and masked owner.',
    door: 'customer',
    tag: 'Portal',
    body: portalPaymentRequest,
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
      'agreement_not_active',
      'consent_missing',
      'limit_payment',
      'limit_day',
      'limit_month',
      'limit_cooling',
      'number_blocked',
      'velocity_exceeded',
      'held_for_review',
      'provider_unknown',
      'provider_down',
      'maintenance',
      'state_conflict',
      'not_found',
    ],
  })
  async create(
    @Customer() customer: CustomerCaller,
    @ValidBody() body: PortalPaymentRequest,
    @IdempotencyKey() key: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentView> {
    const device = deviceOf(request.headers.cookie);
    return answered(reply, await this.payments.create(customer, { key, device, ip: request.ip }, body));
  }

  @Get()
  @ForCustomer()
  @Operation({
    id: 'listPortalPayments',
    summary: 'Own payments by whatever channel, newest first',
    door: 'customer',
    tag: 'Portal',
    query: portalPaymentsQuery,
    answers: { 200: listSchema(paymentView) },
  })
  async list(
    @Customer() customer: CustomerCaller,
    @ValidQuery() query: PortalPaymentsQuery,
  ): Promise<ListOf<PaymentView>> {
    const page = await this.payments.list(customer, query);
    return listOf('/v1/portal/payments', page.data, page.next_cursor);
  }

  @Get(':id')
  @ForCustomer()
  @Operation({
    id: 'getPortalPayment',
    summary: 'Read one own payment',
    door: 'customer',
    tag: 'Portal',
    params: idParams,
    answers: { 200: paymentView },
    problems: ['not_found'],
  })
  one(@Customer() customer: CustomerCaller, @ValidParams() { id }: IdParams): Promise<PaymentView> {
    return this.payments.byId(customer, id);
  }

  @Get(':id/stream')
  @ForCustomer()
  @Operation({
    id: 'followPortalPayment',
    summary: 'Follow one own payment by server-sent events',
    description:
      'Event `payment` with the whole payment whenever it changes. Ends when it is final, or after five minutes.',
    door: 'customer',
    tag: 'Portal',
    params: idParams,
    answers: { 200: 'text/event-stream' },
    problems: ['not_found', 'rate_limited'],
  })
  async stream(
    @Customer() customer: CustomerCaller,
    @ValidParams() { id }: IdParams,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const first = await this.payments.byId(customer, id);
    this.streams.follow(reply, customer.msisdn, first, () => this.payments.byId(customer, id));
  }
}

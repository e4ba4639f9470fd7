import { Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
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
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Customer, ForCustomer, type CustomerCaller } from '../../access';
import {
  FindPayments,
  listPaymentsQuery,
  numberQueryRequest,
  numberQueryView,
  paymentView,
  QueryNumber,
  type ListPaymentsQuery,
  type NumberQueryView,
  type PaymentView,
} from '../../payments';
import { answered } from './answered';
import { FollowPayment } from './follow-payment';
import { PayOnPortal } from './pay-on-portal';
import { originOf } from './portal-origin';
import { idParams, portalPaymentBody, type IdParams, type PortalPaymentBody } from './portal.schema';

@Controller('v1/portal')
export class PortalPaymentsController {
  constructor(
    private readonly query: QueryNumber,
    private readonly pay: PayOnPortal,
    private readonly payments: FindPayments,
    private readonly follow: FollowPayment,
  ) {}

  @Post('number_queries')
  @HttpCode(200)
  @ForCustomer()
  @Operation({
    id: 'queryNumberOnPortal',
    summary: 'Whose number is it: masked name and branch, to check before paying',
    door: 'customer',
    tag: 'Portal',
    body: numberQueryRequest,
    answers: { 200: numberQueryView },
    problems: ['number_malformed', 'number_unknown'],
  })
  number(
    @Customer() customer: CustomerCaller,
    @ValidBody() { number }: z.output<typeof numberQueryRequest>,
  ): Promise<NumberQueryView> {
    return this.query.execute(originOf(customer), number, number === customer.msisdn);
  }

  @Post('payments')
  @ForCustomer()
  @Operation({
    id: 'payOnPortal',
    summary: 'Top up',
    door: 'customer',
    tag: 'Portal',
    body: portalPaymentBody,
    answers: { 201: paymentView, 202: paymentView },
    keyed: true,
    problems: [
      'not_found',
      'amount_not_integer',
      'amount_step',
      'amount_below_minimum',
      'amount_above_maximum',
      'currency_not_supported',
      'number_malformed',
      'number_unknown',
      'number_closed',
      'number_suspended',
      'number_owner_changed',
      'agreement_not_active',
      'consent_missing',
      'limit_payment',
      'limit_day',
      'limit_month',
      'provider_unknown',
      'provider_down',
      'state_conflict',
    ],
  })
  async create(
    @Customer() customer: CustomerCaller,
    @IdempotencyKey() key: string,
    @ValidBody() body: PortalPaymentBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentView> {
    return answered(reply, await this.pay.execute(customer, key, body));
  }

  @Get('payments')
  @ForCustomer()
  @Operation({
    id: 'listPortalPayments',
    summary: 'What this customer has paid, newest first',
    door: 'customer',
    tag: 'Portal',
    query: listPaymentsQuery,
    answers: { 200: listSchema(paymentView) },
  })
  async list(
    @Customer() customer: CustomerCaller,
    @ValidQuery() query: ListPaymentsQuery,
  ): Promise<ListOf<PaymentView>> {
    const page = await this.payments.list(originOf(customer), query);
    return listOf('/v1/portal/payments', page.data, page.next_cursor);
  }

  @Get('payments/:id')
  @ForCustomer()
  @Operation({
    id: 'getPortalPayment',
    summary: 'One payment of this customer',
    door: 'customer',
    tag: 'Portal',
    params: idParams,
    answers: { 200: paymentView },
    problems: ['not_found'],
  })
  one(@Customer() customer: CustomerCaller, @ValidParams() { id }: IdParams): Promise<PaymentView> {
    return this.payments.byId(originOf(customer), id, []);
  }

  @Get('payments/:id/stream')
  @ForCustomer()
  @Operation({
    id: 'followPortalPayment',
    summary: 'Server-sent events `payment` with the payment as data, until it is final',
    description: 'When the stream fails, poll the payment itself: it says the same.',
    door: 'customer',
    tag: 'Portal',
    params: idParams,
    answers: { 200: 'text/event-stream' },
    problems: ['not_found'],
  })
  async stream(
    @Customer() customer: CustomerCaller,
    @ValidParams() { id }: IdParams,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const read = () => this.payments.byId(originOf(customer), id, []);
    this.follow.stream(await read(), read, reply);
  }
}

import { Controller, Get, Inject, Post, Res } from '@nestjs/common';
import { IdempotencyKey, Operation, ValidBody } from '@yidian/http';
import type { FastifyReply } from 'fastify';
import { Customer, ForCustomer, type CustomerCaller } from '../../access';
import type { GatewayConfig } from '../../gateway.config';
import {
  agreementView,
  CreateAgreement,
  CreateLinkedNumber,
  createLinkedNumberRequest,
  linkedNumberView,
  type AgreementView,
  type CreateLinkedNumberRequest,
  type LinkedNumberView,
} from '../../payments';
import { CONFIG } from '../../platform';
import { answered } from './answered';
import { originOf } from './portal-origin';
import { portalAgreementBody, portalCustomer, type PortalAgreementBody, type PortalCustomer } from './portal.schema';
import { ShowCustomer } from './show-customer';

/** The customer's own page: number, cards, family. */
@Controller('v1/portal')
export class PortalCardsController {
  constructor(
    private readonly show: ShowCustomer,
    private readonly createAgreement: CreateAgreement,
    private readonly createLinkedNumber: CreateLinkedNumber,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Get('me')
  @ForCustomer()
  @Operation({
    id: 'getPortalCustomer',
    summary: 'The signed-in customer',
    door: 'customer',
    tag: 'Portal',
    answers: { 200: portalCustomer },
    problems: ['number_unknown'],
  })
  me(@Customer() customer: CustomerCaller): Promise<PortalCustomer> {
    return this.show.execute(customer);
  }

  @Post('agreements')
  @ForCustomer()
  @Operation({
    id: 'bindOnPortal',
    summary: 'Bind a card: the customer signs on the page of next_action',
    door: 'customer',
    tag: 'Portal',
    body: portalAgreementBody,
    answers: { 201: agreementView, 202: agreementView },
    keyed: true,
    problems: [
      'number_unknown',
      'number_closed',
      'provider_unknown',
      'provider_down',
      'amount_not_integer',
      'amount_below_minimum',
    ],
  })
  async bind(
    @Customer() customer: CustomerCaller,
    @IdempotencyKey() idempotencyKey: string,
    @ValidBody() body: PortalAgreementBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgreementView> {
    const answer = await this.createAgreement.execute({
      origin: originOf(customer),
      idempotencyKey,
      body: { ...body, number: customer.msisdn, return_url: `${this.config.PUBLIC_URL}/portal/` },
    });
    return answered(reply, answer);
  }

  @Post('linked_numbers')
  @ForCustomer()
  @Operation({
    id: 'linkOnPortal',
    summary: 'Add a family number: it is asked by SMS',
    door: 'customer',
    tag: 'Portal',
    body: createLinkedNumberRequest,
    answers: { 201: linkedNumberView },
    keyed: true,
    problems: [
      'not_found',
      'number_malformed',
      'number_unknown',
      'number_closed',
      'agreement_not_active',
      'state_conflict',
    ],
  })
  async link(
    @Customer() customer: CustomerCaller,
    @IdempotencyKey() idempotencyKey: string,
    @ValidBody() body: CreateLinkedNumberRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LinkedNumberView> {
    return answered(reply, await this.createLinkedNumber.execute({ origin: originOf(customer), idempotencyKey, body }));
  }
}

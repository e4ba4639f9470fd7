import { Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { IdempotencyKey, Operation, ValidBody, ValidParams } from '@yidian/http';
import type { FastifyReply } from 'fastify';
import { Customer, ForCustomer, type CustomerCaller } from '../../access';
import type { GatewayConfig } from '../../gateway.config';
import {
  agreementView,
  CreateAgreement,
  CreateLinkedNumber,
  linkedNumberView,
  type AgreementView,
  type LinkedNumberView,
} from '../../payments';
import { CONFIG } from '../../platform';
import { AgreementsStore } from '../../agreements/agreements.store';
import { PersonNumbers } from '../../notifications/person-number';
import { answered } from '../partner-api/answered';
import { idParams, type IdParams } from '../partner-api/id-params';
import { GetCustomer } from './get-customer';
import { originOf } from './origin';
import {
  customerView,
  portalAgreementRequest,
  portalLinkedNumberRequest,
  type CustomerView,
  type PortalAgreementRequest,
  type PortalLinkedNumberRequest,
} from './portal.schema';

@Controller('v1/portal')
export class PortalAgreementsController {
  constructor(
    private readonly createAgreement: CreateAgreement,
    private readonly createLinkedNumber: CreateLinkedNumber,
    private readonly agreements: AgreementsStore,
    private readonly numbers: PersonNumbers,
    private readonly customers: GetCustomer,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Post('agreements')
  @ForCustomer()
  @Operation({
    id: 'createPortalAgreement',
    summary: 'Bind the own number to an account at a provider',
    description: 'The customer signs on the page of `next_action.url`; we never see card number or PIN.',
    door: 'customer',
    tag: 'Portal',
    body: portalAgreementRequest,
    answers: { 201: agreementView, 202: agreementView },
    keyed: true,
    problems: [
      'number_unknown',
      'number_closed',
      'number_ported_out',
      'provider_unknown',
      'provider_down',
      'maintenance',
      'amount_not_integer',
      'amount_below_minimum',
      'currency_not_supported',
    ],
  })
  async agreement(
    @Customer() customer: CustomerCaller,
    @ValidBody() request: PortalAgreementRequest,
    @IdempotencyKey() idempotencyKey: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgreementView> {
    const returnUrl = `${this.config.PUBLIC_URL.replace(/\/+$/, '')}/portal/me`;
    const body = { ...request, number: customer.msisdn, return_url: returnUrl };
    return answered(reply, await this.createAgreement.execute({ origin: originOf(customer), idempotencyKey, body }));
  }

  @Post('agreements/:id/preferences')
  @HttpCode(200)
  @ForCustomer()
  @Operation({
    id: 'preferPortalAgreement',
    summary: 'Make an agreement the usual one',
    description: 'It pays where none is named, while its provider can be asked.',
    door: 'customer',
    tag: 'Portal',
    params: idParams,
    answers: { 200: customerView },
    problems: ['not_found', 'busy'],
  })
  async prefer(@Customer() customer: CustomerCaller, @ValidParams() { id }: IdParams): Promise<CustomerView> {
    const mine = await this.agreements.prefer(this.numbers.blind(customer.msisdn), id);
    if (!mine) throw new Problem('not_found');
    return this.customers.execute(customer.msisdn);
  }

  @Post('linked_numbers')
  @ForCustomer()
  @Operation({
    id: 'createPortalLinkedNumber',
    summary: 'Add a number to pay for, once it has consented by SMS',
    door: 'customer',
    tag: 'Portal',
    body: portalLinkedNumberRequest,
    answers: { 201: linkedNumberView, 202: linkedNumberView },
    keyed: true,
    problems: [
      'not_found',
      'number_malformed',
      'number_unknown',
      'number_closed',
      'number_ported_out',
      'agreement_not_active',
      'consent_blocked',
      'linked_numbers_full',
      'state_conflict',
    ],
  })
  async linkedNumber(
    @Customer() customer: CustomerCaller,
    @ValidBody() body: PortalLinkedNumberRequest,
    @IdempotencyKey() idempotencyKey: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LinkedNumberView> {
    return answered(reply, await this.createLinkedNumber.execute({ origin: originOf(customer), idempotencyKey, body }));
  }
}

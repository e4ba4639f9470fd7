import { Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { IdempotencyKey, Operation, ValidBody, ValidParams } from '@yidian/http';
import type { FastifyReply } from 'fastify';
import { ForPartner, Partner, type PartnerCaller } from '../../access';
import {
  agreementView,
  CreateAgreement,
  createAgreementRequest,
  CreateLinkedNumber,
  createLinkedNumberRequest,
  FindAgreement,
  linkedNumberView,
  type AgreementView,
  type CreateAgreementRequest,
  type CreateLinkedNumberRequest,
  type LinkedNumberView,
} from '../../payments';
import { EndKeyed } from '../../agreements/end-keyed';
import { answered } from './answered';
import { idParams, type IdParams } from './id-params';
import { originOf } from './origin';

@Controller('v1/agreements')
export class AgreementsController {
  constructor(
    private readonly createAgreement: CreateAgreement,
    private readonly agreements: FindAgreement,
    private readonly ending: EndKeyed,
  ) {}

  @Post()
  @ForPartner('agreements:create')
  @Operation({
    id: 'createAgreement',
    summary: 'Bind a number to an account at a provider',
    description: 'The payer signs on the page of `next_action.url`; we never see card number or PIN.',
    door: 'partner',
    tag: 'Agreements',
    body: createAgreementRequest,
    answers: { 201: agreementView, 202: agreementView },
    keyed: true,
    problems: [
      'number_malformed',
      'number_unknown',
      'number_closed',
      'number_ported_out',
      'provider_unknown',
      'provider_down',
      'maintenance',
      'amount_not_integer',
      'amount_below_minimum',
      'reference_used',
    ],
  })
  async create(
    @Partner() partner: PartnerCaller,
    @ValidBody() body: CreateAgreementRequest,
    @IdempotencyKey() idempotencyKey: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgreementView> {
    return answered(reply, await this.createAgreement.execute({ origin: originOf(partner), idempotencyKey, body }));
  }

  @Get(':id')
  @ForPartner('agreements:create')
  @Operation({
    id: 'getAgreement',
    summary: 'Read one agreement',
    door: 'partner',
    tag: 'Agreements',
    params: idParams,
    answers: { 200: agreementView },
    problems: ['not_found'],
  })
  one(@Partner() partner: PartnerCaller, @ValidParams() { id }: IdParams): Promise<AgreementView> {
    return this.agreements.byId(originOf(partner), id);
  }

  @Post(':id/ends')
  @HttpCode(200)
  @ForPartner('agreements:create')
  @Operation({
    id: 'endAgreement',
    summary: 'End an agreement',
    description: 'Nothing is debited under it from now on; its provider is asked to end it, too (`unsigned`).',
    door: 'partner',
    tag: 'Agreements',
    params: idParams,
    answers: { 200: agreementView },
    keyed: true,
    problems: ['not_found'],
  })
  async end(
    @Partner() partner: PartnerCaller,
    @ValidParams() { id }: IdParams,
    @IdempotencyKey() idempotencyKey: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgreementView> {
    const origin = originOf(partner);
    return answered(reply, await this.ending.agreement({ origin, idempotencyKey, body: { id } }));
  }
}

@Controller('v1/linked_numbers')
export class LinkedNumbersController {
  constructor(
    private readonly createLinkedNumber: CreateLinkedNumber,
    private readonly ending: EndKeyed,
  ) {}

  @Post(':id/ends')
  @HttpCode(200)
  @ForPartner('agreements:create')
  @Operation({
    id: 'endLinkedNumber',
    summary: 'Stop paying for a linked number',
    door: 'partner',
    tag: 'Agreements',
    params: idParams,
    answers: { 200: linkedNumberView },
    keyed: true,
    problems: ['not_found'],
  })
  async end(
    @Partner() partner: PartnerCaller,
    @ValidParams() { id }: IdParams,
    @IdempotencyKey() idempotencyKey: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LinkedNumberView> {
    const origin = originOf(partner);
    return answered(reply, await this.ending.linkedNumber({ origin, idempotencyKey, body: { id } }));
  }

  @Post()
  @ForPartner('agreements:create')
  @Operation({
    id: 'createLinkedNumber',
    summary: 'Add a number that the main number may pay for, once it has consented',
    door: 'partner',
    tag: 'Agreements',
    body: createLinkedNumberRequest,
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
  async create(
    @Partner() partner: PartnerCaller,
    @ValidBody() body: CreateLinkedNumberRequest,
    @IdempotencyKey() idempotencyKey: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LinkedNumberView> {
    return answered(reply, await this.createLinkedNumber.execute({ origin: originOf(partner), idempotencyKey, body }));
  }
}

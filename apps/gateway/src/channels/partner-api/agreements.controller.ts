import { Controller, Get, Post, Res } from '@nestjs/common';
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
import { answered } from './answered';
import { idParams, type IdParams } from './id-params';
import { originOf } from './origin';

@Controller('v1/agreements')
export class AgreementsController {
  constructor(
    private readonly createAgreement: CreateAgreement,
    private readonly agreements: FindAgreement,
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
}

@Controller('v1/linked_numbers')
export class LinkedNumbersController {
  constructor(private readonly createLinkedNumber: CreateLinkedNumber) {}

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

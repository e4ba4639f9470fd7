import { Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { IdempotencyKey, Operation, ValidBody, ValidParams } from '@yidian/http';
import type { FastifyReply } from 'fastify';
import { Customer, ForCustomer, type CustomerCaller } from '../../access';
import { agreementView as viewOf, linkedNumberView as linkedViewOf } from '../../agreements/agreement.view';
import { ChangeLimits } from '../../agreements/change-limits';
import { CheckAccount, ConfirmAccount } from '../../agreements/check-account';
import { EndAgreement } from '../../agreements/end-agreement';
import type { GatewayConfig } from '../../gateway.config';
import {
  accountCheckRequest,
  agreementLimits,
  agreementView,
  confirmAgreementRequest,
  linkedLimits,
  linkedNumberView,
  type AccountCheckRequest,
  type AgreementView,
  type ConfirmAgreementRequest,
  type CreateAgreementRequest,
  type LinkedNumberView,
} from '../../payments';
import { CONFIG } from '../../platform';
import { answered } from '../partner-api/answered';
import { idParams, type IdParams } from '../partner-api/id-params';
import { originOf } from './origin';

/** What a customer does with cards: sign by a code, change limits, end. */
@Controller('v1/portal')
export class PortalTermsController {
  constructor(
    private readonly check: CheckAccount,
    private readonly confirm: ConfirmAccount,
    private readonly limits: ChangeLimits,
    private readonly ending: EndAgreement,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Post('account_checks')
  @ForCustomer()
  @Operation({
    id: 'checkPortalAccount',
    summary: 'Bind an account by a code of its bank',
    description: 'Account, holder and identity card are passed on to the bank and kept nowhere. It sends a code.',
    door: 'customer',
    tag: 'Portal',
    body: accountCheckRequest,
    answers: { 201: agreementView },
    keyed: true,
    problems: [
      'number_malformed',
      'number_unknown',
      'number_closed',
      'number_ported_out',
      'provider_unknown',
      'provider_down',
      'maintenance',
      'account_check_failed',
      'amount_not_integer',
      'amount_below_minimum',
      'currency_not_supported',
    ],
  })
  async checkAccount(
    @Customer() customer: CustomerCaller,
    @ValidBody() request: AccountCheckRequest,
    @IdempotencyKey() idempotencyKey: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgreementView> {
    const body = { ...request, number: customer.msisdn };
    return answered(reply, await this.check.execute({ origin: originOf(customer), idempotencyKey, body }));
  }

  @Post('agreements/:id/confirmations')
  @HttpCode(200)
  @ForCustomer()
  @Operation({
    id: 'confirmPortalAgreement',
    summary: 'Give the code that the bank has sent',
    door: 'customer',
    tag: 'Portal',
    params: idParams,
    body: confirmAgreementRequest,
    answers: { 200: agreementView },
    problems: ['not_found', 'code_wrong', 'account_check_failed', 'provider_down'],
  })
  async confirmAgreement(
    @Customer() customer: CustomerCaller,
    @ValidParams() { id }: IdParams,
    @ValidBody() { code }: ConfirmAgreementRequest,
  ): Promise<AgreementView> {
    return viewOf(await this.confirm.execute(customer.msisdn, id, code), this.config.livemode);
  }

  @Post('agreements/:id/limits')
  @HttpCode(200)
  @ForCustomer()
  @Operation({
    id: 'limitPortalAgreement',
    summary: 'Change the limits of an agreement, up to what was signed',
    door: 'customer',
    tag: 'Portal',
    params: idParams,
    body: agreementLimits,
    answers: { 200: agreementView },
    problems: [
      'not_found',
      'agreement_not_active',
      'limit_above_signed',
      'state_conflict',
      'amount_not_integer',
      'amount_below_minimum',
      'currency_not_supported',
    ],
  })
  async limitAgreement(
    @Customer() customer: CustomerCaller,
    @ValidParams() { id }: IdParams,
    @ValidBody() body: NonNullable<CreateAgreementRequest['limits']>,
  ): Promise<AgreementView> {
    return viewOf(await this.limits.ofAgreement(customer.msisdn, id, body), this.config.livemode);
  }

  @Post('agreements/:id/ends')
  @HttpCode(200)
  @ForCustomer()
  @Operation({
    id: 'endPortalAgreement',
    summary: 'Unbind an account',
    description: 'Nothing is debited from now on; the bank is asked to end it, too (`unsigned`).',
    door: 'customer',
    tag: 'Portal',
    params: idParams,
    answers: { 200: agreementView },
    problems: ['not_found'],
  })
  async endAgreement(@Customer() customer: CustomerCaller, @ValidParams() { id }: IdParams): Promise<AgreementView> {
    return viewOf(await this.ending.byOwner(customer.msisdn, id, 'its owner on the portal'), this.config.livemode);
  }

  @Post('linked_numbers/:id/limits')
  @HttpCode(200)
  @ForCustomer()
  @Operation({
    id: 'limitPortalLinkedNumber',
    summary: "Change a linked number's own limit",
    door: 'customer',
    tag: 'Portal',
    params: idParams,
    body: linkedLimits,
    answers: { 200: linkedNumberView },
    problems: [
      'not_found',
      'limit_above_signed',
      'amount_not_integer',
      'amount_below_minimum',
      'currency_not_supported',
    ],
  })
  async limitLinked(
    @Customer() customer: CustomerCaller,
    @ValidParams() { id }: IdParams,
    @ValidBody() { month }: { month: number },
  ): Promise<LinkedNumberView> {
    return linkedViewOf(await this.limits.ofLinked(customer.msisdn, id, month), this.config.livemode);
  }
}

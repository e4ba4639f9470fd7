import { Controller, Delete, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { listOf, listSchema, Operation, ValidBody, ValidParams, type ListOf } from '@yidian/http';
import { Customer, ForCustomer, type CustomerCaller } from '../../access';
import { linkedNumberView as linkedViewOf } from '../../agreements/agreement.view';
import { AgreementsStore } from '../../agreements/agreements.store';
import { AnswerConsent } from '../../agreements/answer-consent';
import { EndLinked } from '../../agreements/end-linked';
import type { GatewayConfig } from '../../gateway.config';
import { PersonNumbers } from '../../notifications/person-number';
import { linkedNumberView, type LinkedNumberView } from '../../payments';
import { CONFIG } from '../../platform';
import type { BlockRow } from '../../risk/blocks.store';
import { idParams, type IdParams } from '../partner-api/id-params';
import {
  consentBlockView,
  payerAnswer,
  payerView,
  type ConsentBlockView,
  type PayerAnswer,
  type PayerView,
} from './portal.schema';

/** Both sides of a linked number: who pays ends it; who is paid for answers, ends it, and says who may ask. */
@Controller('v1/portal')
export class PortalConsentsController {
  constructor(
    private readonly store: AgreementsStore,
    private readonly links: EndLinked,
    private readonly consents: AnswerConsent,
    private readonly numbers: PersonNumbers,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Post('linked_numbers/:id/ends')
  @HttpCode(200)
  @ForCustomer()
  @Operation({
    id: 'endPortalLinkedNumber',
    summary: 'Stop paying for a linked number',
    door: 'customer',
    tag: 'Portal',
    params: idParams,
    answers: { 200: linkedNumberView },
    problems: ['not_found'],
  })
  async endLinked(@Customer() customer: CustomerCaller, @ValidParams() { id }: IdParams): Promise<LinkedNumberView> {
    return linkedViewOf(await this.links.byPayer(customer.msisdn, id), this.config.livemode);
  }

  @Get('payers')
  @ForCustomer()
  @Operation({
    id: 'listPortalPayers',
    summary: 'Who pays for the own number, or asks to',
    door: 'customer',
    tag: 'Portal',
    answers: { 200: listSchema(payerView) },
    problems: [],
  })
  async payers(@Customer() customer: CustomerCaller): Promise<ListOf<PayerView>> {
    const rows = await this.store.payersOf(this.numbers.blind(customer.msisdn));
    return listOf('/v1/portal/payers', await Promise.all(rows.map((row) => this.payer(row.id))), null);
  }

  @Post('payers/:id/answers')
  @HttpCode(200)
  @ForCustomer()
  @Operation({
    id: 'answerPortalPayer',
    summary: 'Agree to be paid for, or stop it, or also block the payer',
    door: 'customer',
    tag: 'Portal',
    params: idParams,
    body: payerAnswer,
    answers: { 200: payerView },
    problems: ['not_found', 'state_conflict'],
  })
  async answer(
    @Customer() customer: CustomerCaller,
    @ValidParams() { id }: IdParams,
    @ValidBody() { answer }: PayerAnswer,
  ): Promise<PayerView> {
    if (answer !== 'agree') await this.links.byLinked(customer.msisdn, id, answer === 'block');
    else if (!(await this.consents.agreeSignedIn(customer.msisdn, id))) {
      const row = await this.store.findLinked(id);
      throw new Problem(row?.msisdn_blind === this.numbers.blind(customer.msisdn) ? 'state_conflict' : 'not_found');
    }
    return this.payer(id);
  }

  @Get('consent_blocks')
  @ForCustomer()
  @Operation({
    id: 'listConsentBlocks',
    summary: 'Who may not ask to pay for the own number',
    door: 'customer',
    tag: 'Portal',
    answers: { 200: listSchema(consentBlockView) },
    problems: [],
  })
  async blocks(@Customer() customer: CustomerCaller): Promise<ListOf<ConsentBlockView>> {
    return listOf('/v1/portal/consent_blocks', (await this.links.blocksOf(customer.msisdn)).map(blockOf), null);
  }

  @Post('consent_blocks')
  @HttpCode(201)
  @ForCustomer()
  @Operation({
    id: 'blockConsents',
    summary: 'Be asked by nobody',
    door: 'customer',
    tag: 'Portal',
    answers: { 201: consentBlockView },
    problems: [],
  })
  async block(@Customer() customer: CustomerCaller): Promise<ConsentBlockView> {
    return blockOf(await this.links.blockAll(customer.msisdn));
  }

  @Delete('consent_blocks/:id')
  @HttpCode(204)
  @ForCustomer()
  @Operation({
    id: 'unblockConsents',
    summary: 'Lift a block',
    door: 'customer',
    tag: 'Portal',
    params: idParams,
    answers: { 204: null },
    problems: ['not_found'],
  })
  unblock(@Customer() customer: CustomerCaller, @ValidParams() { id }: IdParams): Promise<void> {
    return this.links.unblock(customer.msisdn, id);
  }

  private async payer(id: string): Promise<PayerView> {
    const row = await this.store.findLinked(id);
    if (!row) throw new Problem('not_found');
    const agreement = await this.store.find(row.agreement_id);
    return {
      ...{ id, object: 'portal_payer', payer: agreement?.msisdn_masked ?? '', state: row.state },
      created_at: row.created_at.toISOString(),
    };
  }
}

const blockOf = (row: BlockRow): ConsentBlockView => ({
  ...{ id: row.id, object: 'consent_block', payer: row.against === '' ? null : row.masked },
  created_at: row.created_at.toISOString(),
});

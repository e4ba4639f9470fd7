import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { listOf, listSchema, Operation, ValidBody, ValidParams, type ListOf } from '@yidian/http';
import { Customer, ForCustomer, type CustomerCaller } from '../../access';
import {
  autoTopupView,
  changeAutoTopup,
  setAutoTopup,
  type AutoTopupView,
  type ChangeAutoTopup,
  type SetAutoTopup,
} from '../../auto-topup/auto.schema';
import type { AutoRuleRow } from '../../auto-topup/auto.rows';
import { AutoStore } from '../../auto-topup/auto.store';
import { autoTopupView as viewOf } from '../../auto-topup/auto.view';
import { SetAutoTopups } from '../../auto-topup/set-auto-topup';
import { SkipAutoTopups } from '../../auto-topup/skip-auto-topup';
import { PersonNumbers } from '../../notifications/person-number';
import { idParams, type IdParams } from '../partner-api/id-params';

const SHOWN = 12;

@Controller('v1/portal/auto_topups')
export class PortalAutoTopupsController {
  constructor(
    private readonly store: AutoStore,
    private readonly setting: SetAutoTopups,
    private readonly skipping: SkipAutoTopups,
    private readonly numbers: PersonNumbers,
  ) {}

  @Get()
  @ForCustomer()
  @Operation({
    id: 'listPortalAutoTopups',
    summary: 'Standing orders, with their latest occasions',
    door: 'customer',
    tag: 'Portal',
    answers: { 200: listSchema(autoTopupView) },
    problems: [],
  })
  async list(@Customer() customer: CustomerCaller): Promise<ListOf<AutoTopupView>> {
    const rules = await this.store.rulesOf(this.numbers.blind(customer.msisdn));
    return listOf('/v1/portal/auto_topups', await Promise.all(rules.map((rule) => this.view(rule))), null);
  }

  @Post()
  @HttpCode(200)
  @ForCustomer()
  @Operation({
    id: 'setPortalAutoTopup',
    summary: 'Top a number up by itself, below a threshold or once a month',
    description:
      'The customer is told the day before and may skip it. Set again for the same number it replaces the first.',
    door: 'customer',
    tag: 'Portal',
    body: setAutoTopup,
    answers: { 200: autoTopupView },
    problems: [
      'not_found',
      'number_unknown',
      'number_ported_out',
      'consent_missing',
      'agreement_not_active',
      'amount_not_integer',
      'amount_below_minimum',
      'amount_above_maximum',
      'amount_step',
      'currency_not_supported',
      'busy',
    ],
  })
  async set(@Customer() customer: CustomerCaller, @ValidBody() body: SetAutoTopup): Promise<AutoTopupView> {
    return this.view(await this.setting.execute(customer.msisdn, body));
  }

  @Post(':id/changes')
  @HttpCode(200)
  @ForCustomer()
  @Operation({
    id: 'changePortalAutoTopup',
    summary: 'Pause, resume or end a standing order',
    door: 'customer',
    tag: 'Portal',
    params: idParams,
    body: changeAutoTopup,
    answers: { 200: autoTopupView },
    problems: ['not_found', 'state_conflict'],
  })
  async change(
    @Customer() customer: CustomerCaller,
    @ValidParams() { id }: IdParams,
    @ValidBody() { to }: ChangeAutoTopup,
  ): Promise<AutoTopupView> {
    return this.view(await this.setting.change(customer.msisdn, id, to));
  }

  @Post(':id/skips')
  @HttpCode(200)
  @ForCustomer()
  @Operation({
    id: 'skipPortalAutoTopup',
    summary: 'Skip what has been announced; the standing order goes on',
    door: 'customer',
    tag: 'Portal',
    params: idParams,
    answers: { 200: autoTopupView },
    problems: ['not_found'],
  })
  async skip(@Customer() customer: CustomerCaller, @ValidParams() { id }: IdParams): Promise<AutoTopupView> {
    await this.skipping.one(customer.msisdn, id);
    const rules = await this.store.rulesOf(this.numbers.blind(customer.msisdn));
    const rule = rules.find((one) => one.id === id) ?? (await this.store.rule(id));
    if (!rule) throw new Error('a rule that was skipped is not there');
    return this.view(rule);
  }

  private async view(rule: AutoRuleRow): Promise<AutoTopupView> {
    return viewOf(rule, await this.store.occasionsOf(rule.id, SHOWN));
  }
}

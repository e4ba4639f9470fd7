import { Inject, Injectable } from '@nestjs/common';
import { fromDigits, toJson } from '@yidian/money';
import { accountOf, coolingOf } from '../../agreements/agreement.view';
import { AgreementsStore, type AgreementRow, type LinkedRow } from '../../agreements/agreements.store';
import type { GatewayConfig } from '../../gateway.config';
import { PersonNumbers } from '../../notifications/person-number';
import { BillingClient } from '../../payments/billing.client';
import { CONFIG } from '../../platform';
import { Providers } from '../../providers/providers';
import { Maintenance } from '../../routing/maintenance';
import { Family } from './family';
import type { CustomerView } from './portal.schema';

/** A customer's first page: own number and balance, cards, family. */
@Injectable()
export class GetCustomer {
  constructor(
    private readonly billing: BillingClient,
    private readonly agreements: AgreementsStore,
    private readonly family: Family,
    private readonly numbers: PersonNumbers,
    private readonly providers: Providers,
    private readonly maintenance: Maintenance,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** @throws Problem busy while balances cannot be asked for */
  async execute(msisdn: string): Promise<CustomerView> {
    const [found, agreements, family] = await Promise.all([
      this.billing.lookUpBalance(msisdn),
      this.agreements.ofNumber(this.numbers.blind(msisdn)),
      this.family.of(msisdn),
    ]);
    return {
      object: 'portal_customer',
      number: msisdn,
      owner: found.owner,
      branch: { code: found.branch.code, name: found.branch.nameZh },
      balance: money(found.balance),
      agreements: agreements.map((row) => this.agreement(row)),
      linked_numbers: await Promise.all(family.map((row) => this.member(row))),
      livemode: this.config.livemode,
    };
  }

  private agreement(row: AgreementRow): CustomerView['agreements'][number] {
    return {
      id: row.id,
      provider: { code: row.provider, name: this.providers.find(row.provider)?.row.name_zh ?? row.provider },
      account: accountOf(row),
      state: row.state,
      limits: {
        payment: toJson(row.limit_payment),
        day: toJson(row.limit_day),
        month: toJson(row.limit_month),
        currency: 'CNY',
      },
      most: {
        payment: toJson(row.most_payment),
        day: toJson(row.most_day),
        month: toJson(row.most_month),
        currency: 'CNY',
      },
      verified: row.verified,
      cooling: coolingOf(row),
      usual: row.preferred === 1,
      away_until: this.maintenance.awayUntil(row.provider)?.toISOString() ?? null,
    };
  }

  private async member(row: LinkedRow): Promise<CustomerView['linked_numbers'][number]> {
    const found = await this.family.lookUp(row);
    return {
      id: row.id,
      number: row.msisdn_masked,
      nickname: row.nickname,
      state: row.state,
      limits: { month: toJson(row.limit_month), currency: 'CNY' },
      branch: { code: row.branch, name: row.branch_name },
      balance: found ? money(found.balance) : null,
    };
  }
}

/** null: the number's branch keeps its balance itself and does not say now. */
const money = (digits: string | null): CustomerView['balance'] =>
  digits === null ? null : { amount: toJson(fromDigits(digits)), currency: 'CNY' };

import { Inject, Injectable } from '@nestjs/common';
import { fromDigits, toJson } from '@yidian/money';
import { maskAccount } from '@yidian/security';
import type { CustomerCaller } from '../../access';
import { AgreementsStore, type AgreementRow, type LinkedRow } from '../../agreements/agreements.store';
import type { GatewayConfig } from '../../gateway.config';
import { PersonNumbers } from '../../notifications/person-number';
import { BillingClient } from '../../payments/billing.client';
import { CONFIG } from '../../platform';
import { Providers } from '../../providers/providers';
import type { PortalCustomer } from './portal.schema';

/** The signed-in customer: own number, cards and family. */
@Injectable()
export class ShowCustomer {
  constructor(
    private readonly billing: BillingClient,
    private readonly agreements: AgreementsStore,
    private readonly providers: Providers,
    private readonly numbers: PersonNumbers,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async execute(customer: CustomerCaller): Promise<PortalCustomer> {
    const blind = this.numbers.blind(customer.msisdn);
    const [found, agreements, family] = await Promise.all([
      this.billing.lookUp(customer.msisdn),
      this.agreements.ofNumber(blind),
      this.agreements.familyOf(blind),
    ]);
    return {
      object: 'portal_customer',
      number: customer.msisdn,
      owner: found.owner,
      branch: { code: found.branch.code, name: found.branch.nameZh },
      balance: { amount: toJson(fromDigits(found.balance)), currency: 'CNY' },
      agreements: agreements.map((row) => this.agreement(row)),
      linked_numbers: family.map(linkedNumber),
      livemode: this.config.livemode,
    };
  }

  private agreement(row: AgreementRow): PortalCustomer['agreements'][number] {
    return {
      id: row.id,
      provider: { code: row.provider, name: this.providers.find(row.provider)?.row.name_zh ?? row.provider },
      account: row.account_tail === null ? null : maskAccount(row.account_tail),
      state: row.state,
      limits: {
        payment: toJson(row.limit_payment),
        day: toJson(row.limit_day),
        month: toJson(row.limit_month),
        currency: 'CNY',
      },
    };
  }
}

const linkedNumber = (row: LinkedRow): PortalCustomer['linked_numbers'][number] => ({
  id: row.id,
  number: row.msisdn_masked,
  nickname: row.nickname,
  state: row.state,
  branch: { code: row.branch, name: row.branch_name },
  balance: null,
});

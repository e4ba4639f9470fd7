import { Inject, Injectable } from '@nestjs/common';
import { fromDigits, toJson } from '@yidian/money';
import { maskNumber } from '@yidian/security';
import type { GatewayConfig } from '../gateway.config';
import { PersonNumbers } from '../notifications/person-number';
import { CONFIG } from '../platform';
import { BillingClient } from './billing.client';
import { NumberTokens } from './number-token';
import type { NumberQueryView, Origin } from './payment.schema';

/** Who owns a number now: masked, with what its branch accepts. Stores nothing. */
@Injectable()
export class QueryNumber {
  constructor(
    private readonly billing: BillingClient,
    private readonly numbers: PersonNumbers,
    private readonly tokens: NumberTokens,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** A customer sees a balance only where `showBalance` says that the number is his own or has consented. */
  async execute(origin: Origin, msisdn: string, showBalance = origin.partner !== ''): Promise<NumberQueryView> {
    const found = await (showBalance ? this.billing.lookUpBalance(msisdn) : this.billing.lookUp(msisdn));
    const now = new Date();
    const owner = {
      numberBlind: this.numbers.blind(msisdn),
      subscriberId: found.subscriberId,
      ownerVersion: found.ownerVersion,
    };
    const { id, expiresAt } = this.tokens.issue(owner, now);
    const money = (digits: string) => ({ amount: toJson(fromDigits(digits)), currency: 'CNY' as const });
    return {
      id,
      object: 'number_query',
      number: maskNumber(msisdn),
      owner: found.owner,
      branch: { code: found.branch.code, name: found.branch.nameZh },
      status: found.status,
      plan: found.plan,
      balance: showBalance && found.balance !== null ? money(found.balance) : null,
      amount_due: showBalance && found.amountDue !== null ? money(found.amountDue) : null,
      accepts: {
        min: money(found.accepts.min).amount,
        max: money(found.accepts.max).amount,
        step: money(found.accepts.step).amount,
        currency: 'CNY',
      },
      expires_at: expiresAt.toISOString(),
      livemode: this.config.livemode,
    };
  }
}

import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { AgreementsStore } from '../agreements/agreements.store';
import { PersonNumbers } from '../notifications/person-number';
import { BillingClient, type FoundNumber } from '../payments/billing.client';
import type { AutoRuleRow } from './auto.rows';

/** `gone`: the number, its owner or what it has agreed to is no longer what the rule was set for. */
export type Payee = { found: FoundNumber } | { gone: string } | 'busy';

/** Whether a rule may still pay for its number; a number's next owner has agreed to nothing. */
@Injectable()
export class AutoPayees {
  constructor(
    private readonly agreements: AgreementsStore,
    private readonly billing: BillingClient,
    private readonly numbers: PersonNumbers,
  ) {}

  async of(rule: AutoRuleRow): Promise<Payee> {
    if (rule.linked_id !== null) {
      const linked = await this.agreements.findLinked(rule.linked_id);
      if (linked?.state !== 'active') return { gone: 'the number no longer agrees' };
    }
    const found = await this.billing
      .lookUpBalance(this.numbers.open(rule.msisdn_sealed))
      .catch((error: unknown) => (error instanceof Problem ? error.code : 'busy'));
    if (typeof found === 'string')
      return found === 'number_unknown' || found === 'number_ported_out' ? { gone: found } : 'busy';
    if (found.status === 'closed') return { gone: 'number_closed' };
    if (found.subscriberId !== rule.subscriber_id) return { gone: 'number_owner_changed' };
    return { found };
  }
}

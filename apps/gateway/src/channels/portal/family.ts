import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { AgreementsStore, type LinkedRow } from '../../agreements/agreements.store';
import { PersonNumbers } from '../../notifications/person-number';
import { BillingClient, type FoundNumber } from '../../payments/billing.client';

/** The numbers a customer pays for. What a number has agreed to ends with its owner: numbers are recycled. */
@Injectable()
export class Family {
  constructor(
    private readonly agreements: AgreementsStore,
    private readonly numbers: PersonNumbers,
    private readonly billing: BillingClient,
  ) {}

  of(customer: string): Promise<LinkedRow[]> {
    return this.agreements.familyOf(this.numbers.blind(customer));
  }

  /** @throws Problem not_found for another's, consent_missing */
  async consented(customer: string, id: string): Promise<{ row: LinkedRow; number: string }> {
    const row = await this.agreements.findLinked(id);
    if (row?.payer_blind !== this.numbers.blind(customer)) throw new Problem('not_found');
    if (row.state !== 'active') throw new Problem('consent_missing');
    return { row, number: this.numbers.open(row.msisdn_sealed) };
  }

  /** Of a member that has consented and still belongs to who did; null also while nobody can say. */
  async lookUp(row: LinkedRow): Promise<FoundNumber | null> {
    if (row.state !== 'active') return null;
    const found = await this.billing.lookUpBalance(this.numbers.open(row.msisdn_sealed)).catch(() => null);
    return found?.subscriberId === row.subscriber_id ? found : null;
  }

  /** The customer's own balance, and balances of those who have consented. */
  async mayShowBalance(customer: string, number: string): Promise<boolean> {
    if (customer === number) return true;
    const blind = this.numbers.blind(number);
    const member = (await this.of(customer)).find((row) => row.state === 'active' && row.msisdn_blind === blind);
    return member !== undefined && (await this.lookUp(member)) !== null;
  }
}

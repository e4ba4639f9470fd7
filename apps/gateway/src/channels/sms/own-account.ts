import { Injectable } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import { fromDigits } from '@yidian/money';
import type { AgreementState } from '../../agreements/agreement.schema';
import { accountOf } from '../../agreements/agreement.view';
import { AgreementsStore, type AgreementRow } from '../../agreements/agreements.store';
import { EndAgreement } from '../../agreements/end-agreement';
import { PersonNumbers } from '../../notifications/person-number';
import { payWords, shortYuan, yuan } from '../../notifications/sms-words';
import { BillingClient } from '../../payments/billing.client';
import { say, type Outcome } from './text-order';

/** What a number may ask about itself by text: its balance, its card, and to be charged no more. */
@Injectable()
export class OwnAccount {
  constructor(
    private readonly billing: BillingClient,
    private readonly agreements: AgreementsStore,
    private readonly ending: EndAgreement,
    private readonly numbers: PersonNumbers,
  ) {}

  /** @throws Problem busy, number_unknown */
  async balance(from: string): Promise<Outcome> {
    const { balance } = await this.billing.lookUpBalance(from);
    if (balance === null) throw new Problem('busy'); // its province does not say now
    return say('balance', { balance: yuan(fromDigits(balance)) });
  }

  /** Cards are signed on the provider's page; a text tells what is bound, or where to bind. */
  async card(from: string): Promise<Outcome> {
    const row = await this.bound(from, ['active']);
    if (!row) return say('no_agreement');
    const [limit, month] = [shortYuan(row.limit_payment), shortYuan(row.limit_month)];
    return say('bound', { pay: payWords(accountOf(row)), limit, month });
  }

  async unbind(from: string): Promise<Outcome> {
    const row = await this.bound(from, ['active', 'frozen']);
    if (!row) return say('no_agreement');
    await this.ending.execute(row, 'its owner by text');
    return say('unbound', { pay: payWords(accountOf(row)) });
  }

  private async bound(from: string, states: readonly AgreementState[]): Promise<AgreementRow | undefined> {
    return (await this.agreements.ofNumber(this.numbers.blind(from))).find((row) => states.includes(row.state));
  }
}

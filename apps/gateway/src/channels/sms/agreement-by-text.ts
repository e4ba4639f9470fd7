import { Injectable } from '@nestjs/common';
import { accountOf } from '../../agreements/agreement.view';
import { AgreementsStore } from '../../agreements/agreements.store';
import { AnswerConsent } from '../../agreements/answer-consent';
import { PersonNumbers } from '../../notifications/person-number';
import { payWords } from '../../notifications/sms-words';
import type { Text } from './sms-texts';

/** What people say by text about being paid for, and about their own card. */
@Injectable()
export class AgreementByText {
  constructor(
    private readonly consent: AnswerConsent,
    private readonly agreements: AgreementsStore,
    private readonly numbers: PersonNumbers,
  ) {}

  agree(from: string, code: string): Promise<boolean> {
    return this.consent.agree(from, code);
  }

  async stop(from: string): Promise<Text> {
    await this.consent.refuse(from);
    return { code: 'consent_refused', params: {} };
  }

  async unbind(from: string): Promise<Text> {
    const all = await this.agreements.ofNumber(this.numbers.blind(from));
    const bound = all.find((row) => row.state === 'active');
    if (!bound) return { code: 'no_agreement', params: {} };
    await this.agreements.end(bound.id);
    return { code: 'unbound', params: { pay: payWords(accountOf(bound)) } };
  }
}

import { Injectable } from '@nestjs/common';
import type { Statement } from '@yidian/journal';
import { accountOf } from '../agreements/agreement.view';
import { AgreementsStore } from '../agreements/agreements.store';
import { Languages } from '../notifications/languages';
import { PersonNumbers } from '../notifications/person-number';
import { smsText, type Params, type SmsCode } from '../notifications/sms-templates';
import { payWords, shortYuan, yuan } from '../notifications/sms-words';
import { smsInsert } from '../notifications/sms.store';
import type { AutoRuleRow } from './auto.rows';

/** Texts about automatic top-ups, written in the transaction of the move they tell of. */
@Injectable()
export class AutoTexts {
  constructor(
    private readonly numbers: PersonNumbers,
    private readonly agreements: AgreementsStore,
    private readonly languages: Languages,
  ) {}

  /** @param id of the text: told once, however often the move is tried */
  of(rule: AutoRuleRow, code: SmsCode, params: Params, id: string): Statement[] {
    const now = new Date();
    return smsInsert([
      {
        ...{
          id,
          template: code,
          to_masked: rule.payer_masked,
          to_blind: rule.payer_blind,
          to_sealed: rule.payer_sealed,
        },
        ...{
          text_sealed: this.numbers.sealText(
            smsText(code, { ...named(rule), ...params }, this.languages.of(rule.payer_blind)),
          ),
          payment_no: null,
        },
        ...{ state: 'new', tries: 0, due_at: now, created_at: now, sent_at: null },
      },
    ]);
  }

  /** The card that would pay. */
  async pay(rule: AutoRuleRow): Promise<string> {
    const named = rule.agreement_id === null ? undefined : await this.agreements.find(rule.agreement_id);
    const row = named ?? (await this.agreements.ofNumber(rule.payer_blind)).find(({ state }) => state === 'active');
    return payWords(row ? accountOf(row) : null);
  }
}

function named(rule: AutoRuleRow): Params {
  const own = rule.linked_id === null;
  const sum = rule.target ?? rule.amount ?? 0n;
  return {
    ...(own ? { number: '本机' } : { who: rule.nickname, number: rule.msisdn_masked }),
    amount: yuan(sum),
    word: own ? `ZD ${shortYuan(sum)}` : `ZD ${rule.nickname} ${shortYuan(sum)}`,
  };
}

/** Whom a text is about, by the one word that its payer knows. */
export const whoWords = (rule: AutoRuleRow): string => (rule.linked_id === null ? '本机' : rule.nickname);

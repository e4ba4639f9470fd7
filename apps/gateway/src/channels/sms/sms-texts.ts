import { Problem, BOOK } from '@yidian/errors';
import type { AgreementRow } from '../../agreements/agreements.store';
import { accountOf } from '../../agreements/agreement.view';
import type { Params, SmsCode } from '../../notifications/sms-templates';
import { payWords, shortYuan, yuan } from '../../notifications/sms-words';

export interface Text {
  code: SmsCode;
  params: Params;
}

/** A refusal in the words of a text: always that nothing was charged, why, and what can be done. */
export function refusalText(problem: Problem, agreement: AgreementRow, amount: bigint): Text {
  switch (problem.code) {
    case 'limit_payment':
      return { code: 'over_limit', params: { why: `单笔限额${shortYuan(agreement.limit_payment)}元` } };
    case 'limit_day':
      return { code: 'over_limit', params: { why: `每日限额${shortYuan(agreement.limit_day)}元` } };
    case 'limit_month':
      return { code: 'over_limit', params: { why: `每月限额${shortYuan(agreement.limit_month)}元` } };
    case 'agreement_not_active':
      return { code: 'no_agreement', params: {} };
    case 'provider_down':
      return { code: 'provider_down', params: { pay: payWords(accountOf(agreement)), amount: yuan(amount) } };
    case 'busy':
    case 'maintenance':
      return { code: 'busy', params: {} };
    default:
      return { code: 'refused', params: { why: BOOK[problem.code].titleZh } };
  }
}

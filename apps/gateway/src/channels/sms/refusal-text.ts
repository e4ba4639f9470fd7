import { Injectable } from '@nestjs/common';
import { BOOK, Problem } from '@yidian/errors';
import { fromJson } from '@yidian/money';
import { accountOf } from '../../agreements/agreement.view';
import { AgreementsStore } from '../../agreements/agreements.store';
import { payWords, shortYuan, timeWords, yuan } from '../../notifications/sms-words';
import { QueryNumber } from '../../payments';
import { originOf } from './sms-origin';
import type { Message, Text, TextOrder } from './text-order';

/** A refusal in the words of a text: always that nothing was charged, why, and what can be done. */
@Injectable()
export class RefusalText {
  constructor(
    private readonly agreements: AgreementsStore,
    private readonly query: QueryNumber,
  ) {}

  async of({ code, input }: Problem, message: Message, order: TextOrder): Promise<Text> {
    const agreement = await this.agreements.find(order.agreement);
    switch (code) {
      case 'limit_payment':
        return overLimit(`单笔限额${agreement ? `${shortYuan(agreement.limit_payment)}元` : ''}`);
      case 'limit_day':
        return overLimit(`每日限额${agreement ? `${shortYuan(agreement.limit_day)}元` : ''}`);
      case 'limit_month':
        return overLimit('每月限额'); // the card's or the family number's: the refusal does not say whose
      case 'agreement_not_active':
        return { code: 'no_agreement', params: {} };
      case 'maintenance': {
        const bank = agreement?.bank_name?.slice(0, 4) ?? '付款银行';
        return { code: 'maintenance', params: { bank, time: timeWords(new Date(), input.retryAfter ?? 0) } };
      }
      case 'provider_down': {
        const pay = payWords(agreement ? accountOf(agreement) : null);
        return { code: 'provider_down', params: { pay, amount: yuan(BigInt(order.amount)) } };
      }
      case 'amount_step':
      case 'amount_below_minimum':
      case 'amount_above_maximum':
        return { code: 'refused', params: { why: await this.accepted(message, order) } };
      default:
        return { code: 'refused', params: { why: BOOK[code].titleZh } };
    }
  }

  /** What would be refused after the question is refused before it. */
  async foreseen(accepts: Accepts, message: Message, order: TextOrder): Promise<Text | null> {
    const amount = BigInt(order.amount);
    const [min, max, step] = [accepts.min, accepts.max, accepts.step].map((fen) => fromJson(fen)) as [
      bigint,
      bigint,
      bigint,
    ];
    const fault =
      amount < min
        ? 'amount_below_minimum'
        : amount > max
          ? 'amount_above_maximum'
          : amount % step !== 0n
            ? 'amount_step'
            : null;
    if (fault) return this.of(new Problem(fault), message, order);
    const agreement = await this.agreements.find(order.agreement);
    return agreement && amount > agreement.limit_payment ? this.of(new Problem('limit_payment'), message, order) : null;
  }

  private async accepted(message: Message, order: TextOrder): Promise<string> {
    const { accepts } = await this.query.execute(originOf(message.from), order.number);
    const [min, max, step] = [accepts.min, accepts.max, accepts.step].map((fen) => shortYuan(fromJson(fen)));
    return `每次可充${min}到${max}元,须是${step}元的倍数`;
  }
}

type Accepts = Awaited<ReturnType<QueryNumber['execute']>>['accepts'];

const overLimit = (why: string): Text => ({ code: 'over_limit', params: { why } });

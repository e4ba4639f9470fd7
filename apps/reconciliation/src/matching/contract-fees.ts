import { Injectable } from '@nestjs/common';
import { MAX_ITEMS } from '@yidian/contracts';
import { fromDigits, toDigits } from '@yidian/money';
import { Peers } from '../peers';
import type { CaseOptions, FeeQuestion } from './case';

/** The contract's fee per amount, channel and home branch, asked of settlement once each: it owns the schedules. */
@Injectable()
export class ContractFees {
  constructor(private readonly peers: Peers) {}

  async execute(provider: string, date: string, questions: readonly FeeQuestion[]): Promise<CaseOptions['quote']> {
    const fees = new Map<string, bigint>();
    for (let from = 0; from < questions.length; from += MAX_ITEMS) {
      const asked = questions.slice(from, from + MAX_ITEMS);
      const { items } = await this.peers.settlement.call('fees.quote', {
        items: asked.map(({ amount, channel, branch }) => ({
          ...{ provider, date, amount: toDigits(amount), channel },
          ...(branch === '' ? {} : { branch }),
        })),
      });
      if (items.length !== asked.length) throw new Error('fees.quote answered another number of items');
      asked.forEach((question, place) => {
        const quote = items[place];
        if (quote) fees.set(keyOf(question), fromDigits(quote.fee));
      });
    }
    return (question) => fees.get(keyOf(question));
  }
}

const keyOf = ({ amount, channel, branch }: FeeQuestion): string => `${amount}|${channel}|${branch}`;

import { Injectable } from '@nestjs/common';
import { MAX_ITEMS } from '@yidian/contracts';
import { fromDigits, toDigits } from '@yidian/money';
import { Peers } from '../peers';
import type { CaseOptions } from './case';

/** The contract's fee per amount and channel, asked of settlement once each: it owns the schedules. */
@Injectable()
export class ContractFees {
  constructor(private readonly peers: Peers) {}

  async execute(
    provider: string,
    date: string,
    questions: readonly { amount: bigint; channel: string }[],
  ): Promise<CaseOptions['quote']> {
    const fees = new Map<string, bigint>();
    for (let from = 0; from < questions.length; from += MAX_ITEMS) {
      const asked = questions.slice(from, from + MAX_ITEMS);
      const { items } = await this.peers.settlement.call('fees.quote', {
        items: asked.map(({ amount, channel }) => ({ provider, date, amount: toDigits(amount), channel })),
      });
      if (items.length !== asked.length) throw new Error('fees.quote answered another number of items');
      asked.forEach(({ amount, channel }, place) => {
        const quote = items[place];
        if (quote) fees.set(`${amount}|${channel}`, fromDigits(quote.fee));
      });
    }
    return (amount, channel) => fees.get(`${amount}|${channel}`);
  }
}

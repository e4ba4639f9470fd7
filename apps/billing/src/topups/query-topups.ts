import { Injectable } from '@nestjs/common';
import type { TopupAnswer } from '@yidian/contracts';
import { Ledger } from '@yidian/ledger';
import { topupAnswer } from './topup.answers';
import { paymentKey } from './topup.posting';

@Injectable()
export class QueryTopups {
  constructor(private readonly ledger: Ledger) {}

  /** "Not found" is not "never": the request may still be under way. Only a void gives a credit up. */
  async execute(items: readonly { key: string }[]): Promise<TopupAnswer[]> {
    const stored = await this.ledger.find(items.map(({ key }) => paymentKey(key)));
    return items.map(({ key }, index) => topupAnswer(key, stored[index] ?? null));
  }
}

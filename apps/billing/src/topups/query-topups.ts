import { Injectable } from '@nestjs/common';
import type { TopupAnswer } from '@yidian/contracts';
import { Ledger } from '@yidian/ledger';
import { RemoteCredits } from '../bss/orders/remote-credits';
import { topupAnswer } from './topup.answers';
import { paymentKey } from './topup.posting';

@Injectable()
export class QueryTopups {
  constructor(
    private readonly ledger: Ledger,
    private readonly remote: RemoteCredits,
  ) {}

  /** "Not found" is not "never": the request may still be under way. Only a void gives a credit up. */
  async execute(items: readonly { key: string; waitMs?: number | undefined }[]): Promise<TopupAnswer[]> {
    await Promise.all(items.map(({ key, waitMs = 0 }) => this.remote.awaited(key, waitMs)));
    const stored = await this.ledger.find(items.map(({ key }) => paymentKey(key)));
    const remote = await this.remote.answers(items.map(({ key }) => key));
    return items.map(({ key }, index) => remote.get(key) ?? topupAnswer(key, stored[index] ?? null));
  }
}

import { Injectable } from '@nestjs/common';
import type { ledgerOpenItems, OpenItemsReply } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import type { z } from 'zod';
import { CountReceivables } from './count-receivables';
import { ReceivablesStore } from './receivables.store';

/** How long a listing waits for what happened just now; behind a long backlog it lists what is counted, and says so. */
const CATCH_UP_MS = 2_000;

@Injectable()
export class ListOpenItems {
  constructor(
    private readonly store: ReceivablesStore,
    private readonly count: CountReceivables,
  ) {}

  async execute({ branch, after, limit }: z.output<typeof ledgerOpenItems>): Promise<OpenItemsReply> {
    const until = performance.now() + CATCH_UP_MS;
    const complete = after !== '' || (await this.count.execute(() => performance.now() < until));
    const rows = await this.store.openItems(branch, after, limit);
    return {
      items: rows.map(({ item, currency, amount, since }) => ({
        ...{ item, currency, amount: toDigits(amount) },
        since: since.toISOString(),
      })),
      next: rows.length === limit ? (rows.at(-1)?.item ?? null) : null,
      complete,
    };
  }
}

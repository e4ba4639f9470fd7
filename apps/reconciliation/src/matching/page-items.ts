import { Injectable } from '@nestjs/common';
import type { BreakClass, ItemsPageReply } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import { isCursor, ReadMatched } from './read-matched';
import type { Item } from './result';
import { RunsStore } from './runs.store';

/** A run's lines with their match: what settlement settles. Rows in the order of their ids, then the sealed segments. */
@Injectable()
export class PageItems {
  constructor(
    private readonly runs: RunsStore,
    private readonly matched: ReadMatched,
  ) {}

  /** @param sealed false: rows only */
  async execute(runId: string, after: string, limit: number, sealed = true): Promise<ItemsPageReply> {
    const rows = isCursor(after) ? [] : await this.runs.page(runId, after, limit);
    if (rows.length === limit) return { items: rows.map(view), next: rows.at(-1)?.id ?? null };
    if (!sealed) return { items: rows.map(view), next: null };
    const { items, next } = await this.matched.page(runId, isCursor(after) ? after : '', limit - rows.length);
    return { items: [...rows, ...items].map(view), next };
  }

  /** Lines of the sealed parts that somebody asks for by number. */
  async ofPayments(runId: string, paymentNos: readonly string[]): Promise<ItemsPageReply['items']> {
    return (await this.matched.ofRun(runId, paymentNos)).map(view);
  }
}

const view = (item: Omit<Item, 'key'>): ItemsPageReply['items'][number] => ({
  id: item.id,
  kind: item.kind,
  class: item.class as BreakClass,
  matched: item.matched,
  paymentNo: item.paymentNo,
  refNo: item.refNo,
  providerTxnId: item.txnId,
  amount: toDigits(item.amount),
  fee: toDigits(item.fee),
  currency: item.currency,
  branch: item.branch,
  acquiringBranch: item.acquiringBranch,
  channel: item.channel,
  partner: item.partner,
});

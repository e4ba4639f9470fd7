import { Injectable } from '@nestjs/common';
import type { BreakClass, ItemsPageReply } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import { RunsStore } from './runs.store';

/** A run's lines with their match, in the order of their ids: what settlement settles. */
@Injectable()
export class PageItems {
  constructor(private readonly runs: RunsStore) {}

  async execute(runId: string, after: string, limit: number): Promise<ItemsPageReply> {
    const rows = await this.runs.page(runId, after, limit);
    return {
      items: rows.map((item) => ({
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
      })),
      next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
    };
  }
}

/**
 * Which payments a settled sum stands for: settlement tells them page by page, and they leave the branch's open items. A page
 * counts once, whoever sends it how often; money moves only with the sum itself (settled.post).
 */
import { Injectable } from '@nestjs/common';
import type { settledItems } from '@yidian/contracts';
import { fromDigits } from '@yidian/money';
import type { z } from 'zod';
import type { OpenItemChange } from './receivable-effects';
import { ReceivablesStore } from './receivables.store';

type SettledPage = z.output<typeof settledItems>;

@Injectable()
export class SettleItems {
  constructor(private readonly store: ReceivablesStore) {}

  async execute({ key, branch, page, items }: SettledPage): Promise<{ replay: boolean }> {
    const changes = new Map<string, OpenItemChange>();
    const at = new Date();
    let amount = 0n;
    for (const one of items) {
      const item = one.paymentNo === '' ? `settled/${key}` : one.paymentNo;
      const settled: bigint = fromDigits(one.amount);
      const change = changes.get(item) ?? { branch, item, currency: one.currency, amount: 0n, at };
      changes.set(item, { ...change, amount: change.amount - settled });
      amount += settled;
    }
    const sorted = [...changes.values()].sort((a, b) => (a.item < b.item ? -1 : 1));
    const stored = await this.store.settle(
      { key, page, branch, amount },
      sorted.filter((change) => change.amount !== 0n),
    );
    return { replay: !stored };
  }
}

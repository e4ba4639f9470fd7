import { Injectable } from '@nestjs/common';
import type { Promotion, promotionsPull, PromotionsReply } from '@yidian/contracts';
import { fromDigits, toDigits } from '@yidian/money';
import type { z } from 'zod';
import { shanghaiDate } from '../calendar';
import { PromotionsStore, type PromotionTransfer } from './promotions.store';
import { paymentIn } from './receivable-effects';

/** A stretch is posted as one: large enough to be few, small enough for one answer. */
const BATCHES = 64n;
const STRETCHES = 8;

const ENDS = { discount_hq: /^branch\/(\d{6})\/receivable$/, bonus_hq: /^branch\/(\d{6})\/promotion$/ };

/** What headquarters bears, read from the transfers themselves: nothing is kept apart that could differ from them. */
@Injectable()
export class PullPromotions {
  constructor(private readonly store: PromotionsStore) {}

  async execute({ after }: z.output<typeof promotionsPull>): Promise<PromotionsReply> {
    const taken = new Map(after.map(({ lane, batch }) => [lane, fromDigits(batch)]));
    const stretches: PromotionsReply['stretches'] = [];
    let more = false;
    for (const { laneId, batchNo } of await this.store.lanes()) {
      const from = taken.get(laneId) ?? 0n;
      if (from >= batchNo) continue;
      if (stretches.length === STRETCHES) {
        more = true;
        break;
      }
      const to = from + BATCHES < batchNo ? from + BATCHES : batchNo;
      more ||= to < batchNo;
      const promotions = promotionsOf(await this.store.transfers(laneId, from, to));
      stretches.push({ lane: laneId, after: toDigits(from), to: toDigits(to), promotions });
    }
    return { stretches, more };
  }
}

/** Summed by branch, date and payment; a gift by branch and date. What a hold only puts aside touches neither end. */
export function promotionsOf(transfers: readonly PromotionTransfer[]): Promotion[] {
  const sums = new Map<string, Omit<Promotion, 'amount'> & { amount: bigint }>();
  for (const { debit, credit, amount, kind, refers_to, at } of transfers)
    for (const [account, signed] of [
      [debit, amount],
      [credit, -amount],
    ] as const) {
      const branch = ENDS[kind].exec(account)?.[1];
      if (branch === undefined) continue;
      const date = shanghaiDate(at);
      const paymentNo = kind === 'discount_hq' ? (paymentIn(refers_to) ?? refers_to) : '';
      const key = `${branch} ${date} ${kind} ${paymentNo}`;
      const before = sums.get(key)?.amount ?? 0n;
      const named = { branch, kind: kind === 'discount_hq' ? ('discount' as const) : ('gift' as const), paymentNo };
      sums.set(key, { ...named, date, amount: before + signed });
    }
  return [...sums]
    .filter(([, { amount }]) => amount !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => ({ ...one, amount: toDigits(one.amount) }));
}

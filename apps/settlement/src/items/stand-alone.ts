import { standAloneIds, type StatementItem } from '@yidian/contracts';
import { fromDigits } from '@yidian/money';
import type { SettledItem } from './settled-item';

/** A payout is posted by our bank's entry of it (row 1d), not by the provider's word. */
export const standsAlone = (item: StatementItem): boolean => item.kind !== 'payout';

/**
 * Rule A: lines that belong to no payment (fees, money that came back, others) are items that wait in suspense under an id of
 * their own, which reconciliation's break of the line names too.
 * @param items all lines of the day's statement, in the order of the file
 */
export function standAloneItems(
  batch: { batchId: string; provider: string; day: string },
  items: readonly StatementItem[],
): SettledItem[] {
  const alone = items.filter(standsAlone);
  const ids = standAloneIds(batch.provider, batch.day, alone);
  return alone.map((item, n) => placed(batch.batchId, ids[n] ?? '', item));
}

function placed(batchId: string, itemId: string, item: StatementItem): SettledItem {
  return {
    ...{ batchId, itemId, class: 'stands_alone' as const, matched: false, sealed: false },
    kind: item.kind as SettledItem['kind'],
    place: item.state === 'success' && item.currency === 'CNY' ? 'suspense' : 'skipped',
    ...{ paymentNo: '', refNo: item.ourRef.slice(0, 40), providerTxnId: item.providerTxnId.slice(0, 64) },
    ...{ branch: '', acquiringBranch: '', channel: '', partner: '', product: '' },
    ...{ amount: fromDigits(item.amount), face: fromDigits(item.amount), statementFee: fromDigits(item.fee) },
    ...{ fee: 0n, commission: 0n, feePpm: -1n, earner: '', earned: [], scheduleId: '', planId: '' },
    ...{ origin: item.origTxnId.slice(0, 64), refunded: 0n, feeReturned: 0n, clawed: 0n },
  };
}

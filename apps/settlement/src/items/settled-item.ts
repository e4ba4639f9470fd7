import type { BreakClass, MatchedItem } from '@yidian/contracts';
import { fromDigits } from '@yidian/money';
import type { Earned } from './earned';

/**
 * Where a statement line's money lies in our ledger.
 * due: with its branch · suspense: waits for a resolution · refunding: in suspense, to be given back by a coming refund line ·
 * returned: it came and went through suspense · reversed: line and its reversal cancel · written_off · skipped: counted in
 * the file's totals, never posted (the same line again, another currency).
 */
export type Place = 'due' | 'suspense' | 'refunding' | 'returned' | 'reversed' | 'written_off' | 'skipped';

export interface SettledItem {
  batchId: string;
  itemId: string;
  /** fee, return (money that came back), other: lines that belong to no payment. */
  kind: MatchedItem['kind'] | 'fee' | 'return' | 'other';
  class: BreakClass | 'stands_alone';
  matched: boolean;
  /** It was opened: its line lies in a sealed part of its batch, too. */
  sealed: boolean;
  place: Place;
  paymentNo: string;
  refNo: string;
  providerTxnId: string;
  branch: string;
  acquiringBranch: string;
  channel: string;
  partner: string;
  /** The provider's own product; empty when its file does not say. */
  product: string;
  /** Signed minor units, as the statement has them: payments +, refunds −. */
  amount: bigint;
  /** What was credited for it; the amount where nothing was discounted. Signed like the amount. */
  face: bigint;
  statementFee: bigint;
  /** Contract fee and commission as posted, signed like the amount. Claw-backs read these very numbers. */
  fee: bigint;
  commission: bigint;
  /** Rate the fee was priced by, ppm; −1: the schedule's own. */
  feePpm: bigint;
  /** Account that earned the commission, in a cascade the lowest; empty when nobody did. */
  earner: string;
  /** What each level earned, lowest first. */
  earned: readonly Earned[];
  scheduleId: string;
  planId: string;
  /** Of a refund or reversal: item id of the payment it undoes; empty otherwise. Item ids outlive re-runs of their day. */
  origin: string;
  /** Of a payment: how much of it, of its fee and its commission has gone back. All ≥ 0. */
  refunded: bigint;
  /** Of a refund: what of its payment's fee stood before it. */
  feeReturned: bigint;
  clawed: bigint;
}

/** A line as reconciliation hands it over; not placed yet. */
export function fromMatched(batchId: string, item: MatchedItem): SettledItem {
  return {
    batchId,
    itemId: item.id,
    kind: item.kind,
    class: item.class,
    matched: item.matched,
    sealed: false,
    place: item.class === 'duplicate_line' || item.currency !== 'CNY' ? 'skipped' : 'suspense',
    paymentNo: item.paymentNo,
    refNo: item.refNo,
    providerTxnId: item.providerTxnId,
    branch: item.branch,
    acquiringBranch: item.acquiringBranch,
    channel: item.channel,
    partner: item.partner,
    product: item.product ?? '',
    amount: fromDigits(item.amount),
    face: fromDigits(item.face ?? item.amount),
    statementFee: fromDigits(item.fee),
    fee: 0n,
    commission: 0n,
    feePpm: -1n,
    earner: '',
    earned: [],
    scheduleId: '',
    planId: '',
    origin: '',
    refunded: 0n,
    feeReturned: 0n,
    clawed: 0n,
  };
}

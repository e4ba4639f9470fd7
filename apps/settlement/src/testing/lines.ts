import type { MatchedItem } from '@yidian/contracts';
import { fromMatched, type SettledItem } from '../items/settled-item';

export const HUBEI = '420000';
export const GUANGDONG = '440000';
export const BANK = 'bank_a';
export const DAY = '2026-11-22';

export const paymentNo = (n: number): string => `261122${String(n).padStart(14, '0')}`;

/** A matched payment of 50 yuan for Hubei, brought by Guangdong, fee 30 fen: the figures of MONEY §3. */
export const matchedItem = (id: string, given: Partial<MatchedItem> = {}): MatchedItem => ({
  id,
  kind: 'payment',
  class: 'matched',
  matched: true,
  paymentNo: paymentNo(1),
  refNo: '',
  providerTxnId: `txn-${id}`,
  amount: '5000',
  fee: '30',
  currency: 'CNY',
  branch: HUBEI,
  acquiringBranch: GUANGDONG,
  channel: 'sms',
  partner: '',
  ...given,
});

export const line = (id: string, given: Partial<MatchedItem> = {}): SettledItem =>
  fromMatched(`${BANK}-${DAY}-1`, matchedItem(id, given));

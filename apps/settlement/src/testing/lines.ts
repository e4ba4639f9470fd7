import type { MatchedItem, StatementItem } from '@yidian/contracts';
import { shanghaiDate } from '../calendar/working-days';
import { fromMatched, type SettledItem } from '../items/settled-item';

export const HUBEI = '420000';
export const GUANGDONG = '440000';
export const BANK = 'bank_a';
export const DAY = '2026-11-22';

export const paymentNo = (n: number): string => `261122${String(n).padStart(14, '0')}`;

/** YYYY-MM of now, which is not over. */
export const runningMonth = (): string => shanghaiDate(new Date()).slice(0, 7);

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

/** A line that belongs to no payment: the provider's own fee of 100 fen. */
export const aloneItem = (n: number, given: Partial<StatementItem> = {}): StatementItem => ({
  n,
  kind: 'fee',
  line: n,
  ourRef: '',
  providerTxnId: `alone-${n}`,
  origTxnId: '',
  amount: '-100',
  fee: '0',
  currency: 'CNY',
  state: 'success',
  occurredAt: `${DAY}T04:00:00.000Z`,
  ...given,
});

export const line = (id: string, given: Partial<MatchedItem> = {}): SettledItem =>
  fromMatched(`${BANK}-${DAY}-1`, matchedItem(id, given));

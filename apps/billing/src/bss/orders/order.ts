import type { TopupItem } from '@yidian/contracts';
import type { Row } from '@yidian/database';
import type { Asked } from '../wire/bss-link';
import type { OrderKind } from '../wire/words';
import type { OrderState } from './order.states';

export type { OrderKind } from '../wire/words';

/** One effect asked of a province, as stored. Amounts are minor units. */
export interface OrderRow extends Row {
  refNo: string;
  kind: OrderKind;
  branch: string;
  paymentNo: string;
  msisdn: string;
  owner: string;
  amount: bigint;
  currency: string;
  /** JSON of what the order is for: a CreditContent or a TakebackContent. */
  content: string;
  state: OrderState;
  /** `give_up`: not carried out is welcome from now on; what is carried out stays so. */
  wanted: 'carry_out' | 'give_up';
  /** The ledger knows of it: value is pending or held. */
  pledged: boolean;
  /** The ledger knows how it ended. */
  booked: boolean;
  /** Of a refusal, as the error book knows it. */
  reason: string;
  /** What was heard last. */
  note: string;
  theirId: string;
  /** The province's own date of the effect. */
  theirDate: string | null;
  balanceAfter: bigint | null;
  /** Requests that may have left us. */
  sends: number;
  /** Queries since the last of them. */
  asked: number;
  /** Queries that found nothing after the documented delay. */
  missing: number;
  sentAt: Date | null;
  dueAt: Date | null;
  version: number;
  updatedAt: Date;
}

export type CreditContent = TopupItem;

export interface TakebackContent {
  purpose: 'refund' | 'reversal' | 'correction';
  /** Key of the hold in the ledger. */
  holdKey: string;
  actor: string;
  /** What is taken back of. */
  credit: CreditContent;
}

export const creditOf = (row: Pick<OrderRow, 'content'>): CreditContent => JSON.parse(row.content) as CreditContent;
export const takebackOf = (row: Pick<OrderRow, 'content'>): TakebackContent =>
  JSON.parse(row.content) as TakebackContent;

/** How the order is said to the province. */
export function askedOf(row: OrderRow): Asked {
  const { kind, refNo, paymentNo, msisdn, owner, amount, currency } = row;
  const purpose = kind === 'credit' ? 'topup' : takebackOf(row).purpose;
  return { kind, reference: refNo, paymentNo, number: msisdn, owner, amount, currency, purpose };
}

export type NewOrder = Pick<
  OrderRow,
  'refNo' | 'kind' | 'branch' | 'paymentNo' | 'msisdn' | 'owner' | 'amount' | 'currency' | 'content'
>;

import type { AutoRuleState, OccasionState } from './auto.states';

/** A standing order: keep a number above a threshold, or pay for it once a month. */
export interface AutoRuleRow {
  id: string;
  kind: 'threshold' | 'calendar';
  state: AutoRuleState;
  payer_masked: string;
  payer_blind: string;
  payer_sealed: string;
  msisdn_masked: string;
  msisdn_blind: string;
  msisdn_sealed: string;
  /** Who held the number when it was set: numbers are recycled. */
  subscriber_id: string;
  /** null: the payer's own number. */
  linked_id: string | null;
  /** null: the usual one. */
  agreement_id: string | null;
  nickname: string;
  threshold: bigint | null;
  target: bigint | null;
  amount: bigint | null;
  day_of_month: number | null;
  /** Times a day at most. */
  day_count: number;
  month_cap: bigint;
  /** Refusals in a row. */
  fails: number;
  /** Why it is in its state. */
  why: string;
  /** What its branch has said unasked, where it keeps the balance itself. */
  told_balance: bigint | null;
  told_at: Date | null;
  due_at: Date | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}

export interface OccasionRow {
  id: string;
  rule_id: string;
  /** What called for it: `T-<day>-<n>`, `C-<day>`. */
  occasion: string;
  state: OccasionState;
  msisdn_blind: string;
  amount: bigint;
  try_no: number;
  payment_no: string | null;
  code: string | null;
  /** Beijing day on which it is to be paid. */
  day: string;
  due_at: Date | null;
  created_at: Date;
  updated_at: Date;
  /** The card that was chosen with the intent; null: the rule's, or the usual one. */
  agreement_id: string | null;
  /** 1: it goes to the bank in a file. */
  by_batch: number;
}

/** The payment's key: the same try of the same occasion is one payment, whoever makes it and however often. */
export const occasionKey = ({ id, try_no: n }: OccasionRow): string => `auto ${id} ${n}`;

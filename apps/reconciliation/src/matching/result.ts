import type { ResolutionAction } from '@yidian/contracts';
import type { VerdictClass } from './verdict';

/** A readable statement line with its match, as settlement settles it. */
export interface Item {
  id: string;
  kind: 'payment' | 'refund' | 'reversal';
  class: VerdictClass;
  /**
   * A payment: due to its branch; else it waits in suspense under this id. A refund or reversal: our books know it, so it
   * follows its payment to wherever that lies.
   */
  matched: boolean;
  key: string;
  paymentNo: string;
  refNo: string;
  txnId: string;
  amount: bigint;
  fee: bigint;
  currency: string;
  branch: string;
  acquiringBranch: string;
  channel: string;
  partner: string;
}

/** What a difference is about; part of its stable id. */
export type FindingKind = 'payment' | 'refund' | 'value' | 'line' | 'file' | StandingKind;

/** Compared as a whole, whatever the date: such a difference stands until a later comparison shows it no more. */
export const STANDING = ['payout', 'agreement', 'number', 'credit'] as const;
export type StandingKind = (typeof STANDING)[number];
export const isStanding = <R extends { kind: FindingKind }>(row: R): row is R & { kind: StandingKind } =>
  STANDING.some((kind) => kind === row.kind);

export interface Finding {
  id: string;
  kind: FindingKind;
  row: string;
  class: VerdictClass;
  /** 0: a break at once; more: suspense for so many dates. */
  wait: number;
  key: string;
  /** Tells findings of one kind and key apart: a refund number, a class, a transaction. */
  leg: string;
  paymentNo: string;
  refNo: string;
  txnId: string;
  branch: string;
  acquiringBranch: string;
  channel: string;
  partner: string;
  /** Signed: long positive, short negative. */
  atStake: bigint;
  pAmount: bigint | null;
  gAmount: bigint | null;
  bAmount: bigint | null;
  pState: string | null;
  gState: string | null;
  bState: string | null;
  line: number | null;
  raw: string | null;
  itemId: string | null;
  suggested: ResolutionAction;
  steps: readonly ResolutionAction[];
  /** The table lets a rule try it; limits come later. */
  auto: boolean;
  /** Value may be taken back only where it still is. */
  onlyIfBalance: boolean;
  severe: boolean;
}

/** One named difference of one bridge: statement − book = Σ of these. `BOOK` itself adds to the book's side. */
export const BOOK = 'book';
export interface BridgePart {
  bridge: 'payments' | 'refunds' | 'fees' | 'credits';
  name: string;
  amount: bigint;
  /** Of so many lines or facts; one when it is not told. */
  count?: number;
}

/** Outcome for one whole group. */
export interface Judgement {
  items: Item[];
  findings: Finding[];
  parts: BridgePart[];
  /** Earlier open items that now have their other half, or are told anew under this date. */
  closes: { kind: FindingKind; key: string; leg: string }[];
}

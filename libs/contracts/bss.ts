import { z } from 'zod';
import { branchCode, plainDate } from './common';

/** Branches that keep a billing system of their own (BSS): what billing knows of the orders it gave them and of their files. */

/**
 * bss.credit_file: a province's own file of a date is the credit book of its branch (our record of having called it is
 * provisional until then). Fetched when it is not here yet; `refetch` asks for it again, a changed file is a new version.
 */
export const bssCreditFile = z.object({
  branch: branchCode,
  date: plainDate,
  refetch: z.boolean().optional(),
  /** Lines of the file from this byte on; 0 at first, then `next` of the reply before. Left out: no lines. */
  after: z.number().int().min(0).optional(),
  limit: z.number().int().min(1).max(2_000).optional(),
  /** Differences behind this one: `differencesNext` of the reply before. */
  differencesAfter: z.number().int().min(0).default(0),
});

export type CreditFileKind = 'CREDIT' | 'REVERSAL' | 'CANCEL';
export interface CreditFileLine {
  kind: CreditFileKind;
  /** Our own: payment number, refund or reversal number, resolution. */
  reference: string;
  theirId: string;
  /** Signed: what was taken back is negative. */
  amount: string;
  at: string;
}
/**
 * not_asked_for: they did what we never asked or had not sent yet · done_after_refusal: they did what they had refused or
 * what we gave up · not_there: done by their word, absent from their file · amount_differs · date_differs: the file of another
 * date than their answer said · repeated: the reference stands there more than once.
 */
export type CreditDifferenceClass =
  'not_asked_for' | 'done_after_refusal' | 'not_there' | 'amount_differs' | 'date_differs' | 'repeated';
export interface CreditDifference {
  class: CreditDifferenceClass;
  kind: CreditFileKind;
  reference: string;
  /** As we have it; null: we have none. */
  ourState: string | null;
  ourAmount: string | null;
  theirAmount: string | null;
}
export interface CreditFileReply {
  branch: string;
  date: string;
  /** unreachable: the province did not answer; nothing is known about the file. */
  state: 'ready' | 'not_ready' | 'none_today' | 'unreachable';
  version: number;
  /** Of the archived bytes; empty unless ready. */
  sha256: string;
  lines: number;
  amount: string;
  /** Signed sum of our orders that the province said it carried out on that date. */
  ours: string;
  /** Every line was read, and count and sum are those of the trailer. */
  agrees: boolean;
  /** Lines that could not be read; each is kept with its bytes. */
  findings: { line: number; reason: string }[];
  /** Orders in doubt that this file has ended. */
  settled: number;
  differences: CreditDifference[];
  /** There are more behind this one; left out: these were the last. */
  differencesNext?: number;
  page?: { lines: CreditFileLine[]; next: number | null };
}

/** bss.branches: those that keep a billing system of their own now. */
export interface BssBranchesReply {
  branches: string[];
}

/**
 * bss.compare_numbers: owner and state of numbers as their province says them now, beside ours: the numbers credited on a date,
 * or every one that the branch has now, page by page, and with the first page those of the subscribers named.
 */
export const bssCompareNumbers = z.object({
  branch: branchCode,
  date: plainDate,
  after: z
    .string()
    .regex(/^(1\d{10})?$/)
    .default(''),
  limit: z.number().int().min(1).max(100).default(50),
  also: z.array(z.string().min(1).max(32)).max(500).default([]),
  /** Whether credited on the date or not. */
  every: z.boolean().default(false),
});
export interface NumberDifference {
  subscriberId: string;
  /** Masked. */
  number: string;
  class: 'number_only_here' | 'number_owner' | 'number_status';
  /** State, or masked owner. */
  ours: string;
  theirs: string;
}
export interface NumbersCompared {
  asked: number;
  /** Subscribers about whom the province said nothing: neither same nor different. */
  unanswered: string[];
  /** Subscribers about whom the province says what we have. */
  same: string[];
  differences: NumberDifference[];
  next: string | null;
}

/** bss.orders: what a province was asked and has not ended; `waiting`: only what no ladder ends, it waits for people. */
export const bssOrders = z.object({
  branch: branchCode.optional(),
  waiting: z.boolean().optional(),
  limit: z.number().int().min(1).max(500).optional(),
});
export interface BssOrderView {
  reference: string;
  kind: 'credit' | 'reversal' | 'cancel';
  branch: string;
  paymentNo: string;
  amount: string;
  state: string;
  /** What was heard last, or why nothing was. */
  note: string;
  asked: number;
  sentAt: string | null;
  dueAt: string | null;
}
/** bss.requery: the province is asked again now, whatever the ladder says. */
export const bssRequery = z.object({
  reference: z.string().min(1).max(40),
  kind: z.enum(['credit', 'reversal', 'cancel']),
  actor: z.string().min(1).max(64),
});

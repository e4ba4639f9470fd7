import { z } from 'zod';
import { branchCode, plainDate, providerCode } from './common';

/** What the night compares beside money: agreements with banks. Differences stand until a later comparison shows them no more. */
const after = z.string().max(64).default('');
const actor = z.string().min(1).max(64);

export const agreementDifference = z.enum(['only_there', 'only_here', 'ended_one_side', 'other_account']);
export type AgreementDifferenceClass = z.infer<typeof agreementDifference>;

/**
 * agreements.compare: the provider's list of agreements of a date against ours. A list that has been compared is not fetched
 * again; the answer is what is open now, page by page.
 */
export const agreementsCompare = z.object({
  provider: providerCode,
  date: plainDate,
  after,
  limit: z.number().int().min(1).max(1000).default(500),
});
export interface AgreementsCompared {
  /** no_list: this provider sends none; not_ready: that of the date is not there yet. Then nothing is said of what is open. */
  state: 'compared' | 'not_ready' | 'no_list';
  breaks: {
    id: string;
    class: AgreementDifferenceClass;
    /** As the provider numbers it. */
    agreementNo: string;
    /** Ours; null: we have none. */
    agreementId: string | null;
    branch: string;
    detail: string;
    /** Debits rest until people have decided. */
    frozen: boolean;
  }[];
  next: string | null;
}

/**
 * agreement_breaks.decide: what two people have decided about one. ask: the bank, again; end: on the side where it still
 * stands; dismiss: it may stay so. The same asked again is answered the same.
 */
export const agreementBreaksDecide = z.object({
  id: z.string().min(1).max(32),
  how: z.enum(['ask', 'end', 'dismiss']),
  reason: z.string().min(1).max(200),
  actor,
});
export interface AgreementBreakDecided {
  /** open: asked, the next comparison says what came of it. */
  outcome: 'done' | 'open' | 'refused';
  reason?: string;
}

/** credit_runs.list, credit_runs.run: a province's own file of a date beside our orders, and its numbers. */
export const creditRunsList = z.object({
  from: plainDate,
  to: plainDate,
  /** Only this branch's. */
  branch: branchCode.optional(),
});
export const creditRunsRun = z.object({
  branch: branchCode,
  date: plainDate,
  /** Ask the province for its file again. */
  refetch: z.boolean().default(false),
});
export interface CreditRunView {
  branch: string;
  date: string;
  /** wanted: the file is not there yet; until then the branch's credits are provisional. */
  state: 'wanted' | 'ready' | 'none_today';
  version: number;
  sha256: string;
  lines: number;
  agrees: boolean;
  amount: string;
  ours: string;
  parts: { name: string; amount: string; count: number }[];
  /** What the bridge cannot name. */
  residual: string;
  found: number;
  numbersAsked: number;
  numbersUnanswered: number;
  /** When it was last compared, or wanted. */
  updatedAt: string;
}
/** number_sweeps.list: how far the rounds over all numbers of each province are. */
export const numberSweepsList = z.object({ branch: branchCode.optional() });
export interface NumberSweepView {
  branch: string;
  round: number;
  /** Of this round, so far. */
  beganOn: string;
  asked: number;
  unanswered: number;
  different: number;
  /** The last round that went over all of them; null: none has yet. */
  wholeOn: string | null;
  wholeAsked: number | null;
  updatedAt: string;
}
/** Patterns of reconciliation. */
export interface CreditRunsRpc {
  'credit_runs.list': [z.input<typeof creditRunsList>, { runs: CreditRunView[] }];
  /** Null: the file is not there yet. */
  'credit_runs.run': [z.input<typeof creditRunsRun>, { run: CreditRunView | null }];
  'number_sweeps.list': [z.input<typeof numberSweepsList>, { sweeps: NumberSweepView[] }];
}

/** Patterns of the gateway that the night calls to compare. */
export interface ComparisonsRpc {
  'agreements.compare': [z.input<typeof agreementsCompare>, AgreementsCompared];
  'agreement_breaks.decide': [z.input<typeof agreementBreaksDecide>, AgreementBreakDecided];
}

import { z } from 'zod';
import { branchCode, paymentNumber, plainDate, providerCode } from './common';
import { resolutionAction, type ResolutionAction } from './gateway';

export const breakClass = z.enum([
  'matched',
  'uncredited',
  'credit_unknown',
  'credit_rejected',
  'credit_undone',
  'late_success',
  'status_mismatch',
  'unsubmitted_success',
  'platform_missing',
  'gateway_missing',
  'reversal_missing',
  'reversal_half',
  'credited_and_refunded',
  'provider_missing',
  'gateway_only',
  'unknown_open',
  'unpaid_credit',
  'orphan_credit_attempt',
  'unreversed_credit',
  'currency_mismatch',
  'amount_mismatch',
  'branch_mismatch',
  'duplicate_payment',
  'duplicate_line',
  'conflicting_line',
  'fee_mismatch',
  'date_mismatch',
  'reference_mismatch',
  'unreadable_line',
  'control_total',
  'late_refund',
  'refund_status_mismatch',
  'refund_undebited',
  'provider_return',
  'over_refund',
  'refund_without_payment',
  'refund_missing',
  'refund_open',
  'refund_debited',
  'debit_without_refund',
  'reversed_by_provider',
  'payout_missing',
  'payout_short',
  'payout_over',
  'payout_unknown',
  'payout_returned',
  'only_there',
  'only_here',
  'ended_one_side',
  'other_account',
  'number_only_here',
  'number_owner',
  'number_status',
]);
export type BreakClass = z.infer<typeof breakClass>;

export type StepName = 'cut' | 'pull' | 'fetch' | 'parse' | 'match' | 'resolve' | 'settle' | 'statements' | 'notify';
export type StepState = 'waiting' | 'ready' | 'running' | 'done' | 'failed' | 'superseded';

/** night.run: derive and start what is due for a date (all providers, or one). Idempotent. */
export const nightRun = z.object({ date: plainDate, provider: providerCode.optional(), actor: z.string().max(64) });
export const nightStatus = z.object({ date: plainDate });
export interface NightStatusReply {
  date: string;
  providers: {
    provider: string;
    /** open | cut | statement_in | none_today | matched | settled, computed from steps. */
    state: string;
    steps: {
      name: StepName;
      state: StepState;
      tries: number;
      error: string | null;
      startedAt: string | null;
      doneAt: string | null;
    }[];
    openBreaks: number;
    residual: string;
  }[];
  signedOff: boolean;
}

/** days.list: provider × date matrix for the console. */
export const daysList = z.object({ limit: z.number().int().min(1).max(60) });
export interface DaysReply {
  days: NightStatusReply[];
}

export const breaksList = z.object({
  date: plainDate.optional(),
  provider: providerCode.optional(),
  state: z.enum(['open', 'proposed', 'resolved', 'suspense', 'any']).default('open'),
  class: breakClass.optional(),
  /** Only whose it is; empty: nobody's yet. */
  owner: z.string().max(64).optional(),
  /** Branch scope of the asking operator; a foreign branch's break is not found. */
  branch: z.string().optional(),
  limit: z.number().int().min(1).max(100).default(50),
  cursor: z.string().optional(),
});
export interface BreakView {
  id: string;
  class: BreakClass;
  provider: string;
  date: string;
  state: 'open' | 'proposed' | 'resolving' | 'resolved' | 'suspense';
  paymentNo: string;
  refNo: string;
  providerTxnId: string;
  branch: string;
  channel: string;
  /** Signed minor units at stake: long positive, short negative. */
  atStake: string;
  pAmount: string | null;
  gAmount: string | null;
  bAmount: string | null;
  pState: string | null;
  gState: string | null;
  bState: string | null;
  statementLine: number | null;
  /** Raw line, masked. */
  raw: string | null;
  suggested: ResolutionAction;
  /** What may be proposed of it now; empty unless it is open. */
  allowed: ResolutionAction[];
  /** May a rule execute it alone. */
  auto: boolean;
  proposal: {
    action: ResolutionAction;
    reason: string;
    evidence: string;
    /** Of move_credit: whose the credit should have been. */
    to: { subscriberId: string; branch: string } | null;
    proposedBy: string;
    proposedAt: string;
    approvedBy: string | null;
  } | null;
  resolution: { action: ResolutionAction; by: string; at: string; detail: string } | null;
  version: number;
  createdAt: string;
  /** Who looks after it; empty: nobody yet. */
  owner: string;
  dueOn: string | null;
}
export interface BreaksReply {
  data: BreakView[];
  nextCursor: string | null;
}
export const breaksGet = z.object({ id: z.string().min(1).max(64), branch: z.string().optional() });
export const breaksPropose = z.object({
  items: z
    .array(
      z.object({
        id: z.string(),
        version: z.number().int(),
        action: resolutionAction,
        reason: z.string().min(1).max(500),
        /** What it stands on: a letter's number, a file's hash, a ticket. */
        evidence: z.string().max(500).default(''),
        /** Of move_credit: whose the credit should have been. */
        to: z.object({ subscriberId: z.string().min(1).max(32), branch: branchCode }).optional(),
      }),
    )
    .min(1)
    .max(256),
  actor: z.string().max(64),
});
export const breaksDecide = z.object({
  items: z
    .array(
      z.object({
        id: z.string(),
        version: z.number().int(),
        decision: z.enum(['approve', 'reject']),
        reason: z.string().max(500),
      }),
    )
    .min(1)
    .max(256),
  actor: z.string().max(64),
});
export interface BreakDecision {
  id: string;
  /** own_proposal: the proposer cannot approve; changed: another version. */
  outcome: 'ok' | 'changed' | 'own_proposal' | 'not_found' | 'state_conflict';
  by?: string;
}

export const runGet = z.object({ provider: providerCode, date: plainDate });
export interface BridgeLine {
  name: string;
  amount: string;
  count: number;
}
export interface RunView {
  provider: string;
  date: string;
  runId: string;
  inputs: { statementSha256: string; gatewayVector: string; billingVector: string };
  digest: string;
  counts: { class: BreakClass; count: number; amount: string }[];
  bridges: {
    kind: 'payments' | 'refunds' | 'fees' | 'credits';
    statementTotal: string;
    bookTotal: string;
    lines: BridgeLine[];
    residual: string;
  }[];
  statement: { fileName: string; sha256: string; lines: number; unreadable: number };
}

/**
 * lines.of_payments: what providers' statements, and the runs over them, have said of payments. For whoever looks at one
 * number; nobody decides anything by it.
 */
export const linesOfPayments = z.object({
  payments: z
    .array(z.object({ paymentNo: paymentNumber, provider: providerCode }))
    .min(1)
    .max(50),
});
export interface PaymentLine {
  paymentNo: string;
  provider: string;
  /** Business date of the statement; of a break: on which it was found. */
  date: string;
  /** line: a line of the statement, with its class. break: a difference, with its class and state. */
  what: 'line' | 'break';
  kind: string;
  class: BreakClass;
  /** Of a break; of a line: what the class says already. */
  state: string;
  providerTxnId: string;
  /** Signed as the statement has it; of a break: what is at stake. */
  amount: string;
  /** When we learned it. */
  at: string;
}

/** day.signOff: only when every provider-day is settled; a second person than the one who closed nothing. */
export const daySignOff = z.object({ date: plainDate, actor: z.string().max(64) });
export interface SignOffReply {
  outcome: 'signed' | 'not_ready' | 'already';
  /** Check list: what holds and what is missing. */
  checks: { name: string; ok: boolean; detail: string }[];
}

/** report.files: everything of a date as files for people; of all providers, or of one. */
export const reportFiles = z.object({ date: plainDate, provider: providerCode.optional() });
export interface ReportFilesReply {
  files: { name: string; contentType: string; contentBase64: string }[];
}

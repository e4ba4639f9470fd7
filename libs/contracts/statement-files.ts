import { z } from 'zod';
import { plainDate, providerCode } from './common';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * statements.upload: a person brings a provider's file, in parts of at most 8 MB or by its place in the archive. The first
 * part is answered with the upload's id; a part that was sent before is taken again. The last part ends it.
 */
export const statementsUpload = z.object({
  provider: providerCode,
  date: plainDate,
  /** As the provider named it; formats are told apart by it too. */
  fileName: z.string().regex(/^[^\p{Cc}/\\]{1,200}$/u),
  actor: z.string().min(1).max(64),
  content: z.union([
    z.object({
      upload: z.uuid().optional(),
      offset: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
      contentBase64: z.string().max(11_200_000),
      last: z.boolean(),
      /** Of the whole file, with the last part: what arrived must be it. */
      sha256: sha256.optional(),
    }),
    z.object({ archived: z.object({ path: z.string().min(1).max(300), sha256 }) }),
  ]),
});
export type UploadReply =
  | { outcome: 'more'; upload: string; received: number }
  /** `replaces`: the version before, superseded now; what changed is told by statements.list once it is read. */
  | { outcome: 'stored'; version: number; sha256: string; bytes: number; replaces: number | null }
  /** These very bytes are a version of this date already, current or superseded. */
  | { outcome: 'already_have'; version: number; sha256: string }
  | {
      outcome: 'refused';
      reason:
        | 'unknown_provider'
        | 'day_signed_off'
        | 'unknown_upload'
        | 'gap'
        | 'other_bytes'
        | 'too_large'
        | 'not_in_archive';
    };

/** statements.list: every version of a date's statements, newest first, and what is waited for. */
export const statementsList = z.object({ date: plainDate, provider: providerCode.optional() });
export interface StatementVersion {
  provider: string;
  date: string;
  version: number;
  state: 'fetched' | 'none_today' | 'held' | 'accepted' | 'superseded';
  fileName: string;
  format: string;
  sha256: string;
  bytes: number;
  source: 'fetched' | 'uploaded';
  actor: string;
  late: boolean;
  fetchedAt: string;
  /** `<fault>: <sentence>`; the faults stand in docs/RECONCILIATION.md. */
  findings: string[];
  lines: number | null;
  unreadable: number | null;
  /** Lines that stand for themselves: fee, payout, return, other. */
  named: Record<string, { lines: number; amount: string }>;
  difference: {
    against: number;
    same: number;
    added: { lines: number; amount: string; fee: string };
    removed: { lines: number; amount: string; fee: string };
    changed: { lines: number; amountBefore: string; amountAfter: string; feeBefore: string; feeAfter: string };
    complete: boolean;
  } | null;
}
export interface StatementsReply {
  versions: StatementVersion[];
  waits: {
    provider: string;
    state: 'not_due' | 'not_ready' | 'unanswered' | 'none_today' | 'in';
    tries: number;
    nextAt: string | null;
    deadlineAt: string;
    lateAt: string | null;
    detail: string;
  }[];
}

/**
 * statements.items: lines that no book of payments holds, in the order of the file: of the version that a run stands on, or
 * of the current one. @throws not_found for a run that is not that day's
 */
export const statementsItems = z.object({
  provider: providerCode,
  date: plainDate,
  runId: z.string().max(64).optional(),
  kind: z.enum(['fee', 'payout', 'return', 'other']).optional(),
  after: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(1000).default(1000),
});
export interface StatementItem {
  n: number;
  kind: 'fee' | 'payout' | 'return' | 'other';
  line: number;
  ourRef: string;
  providerTxnId: string;
  origTxnId: string;
  /** Signed: what left us is negative. */
  amount: string;
  fee: string;
  currency: string;
  state: 'success' | 'notice';
  occurredAt: string;
}
export interface StatementItemsReply {
  version: number | null;
  items: StatementItem[];
  next: number | null;
}

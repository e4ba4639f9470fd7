import { z } from 'zod';
import { branchCode, digits, items, plainDate, providerCode } from './common';

/** fees.quote: the contract's fee per payment, for comparison with the statement's. 1 to 256 items. */
export const feesQuote = items(
  z.object({
    provider: providerCode,
    date: plainDate,
    amount: digits,
    channel: z.string(),
    /** Home branch and product, where the contract may have prices of their own. */
    branch: branchCode.optional(),
    product: z.string().max(16).optional(),
  }),
);
export interface FeeQuote {
  fee: string;
  scheduleId: string;
}

/** provider_days.settle: settle every readable line of a run. Idempotent by run id; other inputs reverse the old batch first. */
export const settleProviderDay = z.object({
  provider: providerCode,
  date: plainDate,
  runId: z.string().min(1).max(64),
  digest: z.string(),
});
export interface SettleReply {
  batchId: string;
  replay: boolean;
  principal: string;
  fees: string;
  commissions: string;
  suspense: string;
  branches: number;
}

/** resolutions.post: an executed resolution moves suspense to its end. Key = resolution id. */
export const resolutionsPost = items(
  z.object({
    key: z.string().min(1).max(64),
    itemId: z.string(),
    provider: providerCode,
    date: plainDate,
    action: z.enum([
      'credit',
      'confirm_paid',
      'refund_payer',
      'reverse_credit',
      'write_off',
      'accept',
      'correct_fee',
      'move_credit',
    ]),
    paymentNo: z.string(),
    /** Empty when nobody knows it: enough for what moves nothing to a branch. */
    branch: branchCode.or(z.literal('')),
    acquiringBranch: branchCode.or(z.literal('')),
    /** move_credit: whose money it should have been; left out: `branch` says it. */
    to: branchCode.optional(),
    channel: z.string(),
    partner: z.string(),
    amount: digits,
    actor: z.string().max(64),
  }),
);
export interface ResolutionPosted {
  key: string;
  outcome: 'posted' | 'rejected' | 'unknown';
  replay: boolean;
  reason?: string;
}

export const positionsGet = z.object({
  date: plainDate,
  branch: branchCode.optional(),
  /** date: what that date's settlements moved; cumulative: what is owed after them and all before. */
  scope: z.enum(['date', 'cumulative']).default('date'),
});
export interface PositionsReply {
  date: string;
  final: boolean;
  openBreaks: number;
  rows: {
    party: string;
    partyKind: 'branch' | 'provider' | 'partner' | 'hq';
    nameZh: string;
    nameEn: string;
    /** Signed minor units: positive = headquarters owes the party. */
    principal: string;
    refunds: string;
    fees: string;
    commissionGiven: string;
    commissionEarned: string;
    adjustments: string;
    /** Payouts, receipts and set-off between headquarters and the party. */
    paid: string;
    net: string;
  }[];
}

export const statementGet = z.object({ party: z.string(), date: plainDate });
export interface PartyStatement {
  party: string;
  nameZh: string;
  nameEn: string;
  date: string;
  gross: string;
  refunds: string;
  fees: string;
  commissionGiven: string;
  commissionEarned: string;
  adjustments: string;
  /** Payouts and receipts between headquarters and the party. */
  paid: string;
  /** The sum of what stands above it. */
  net: string;
  lines: {
    provider: string;
    channel: string;
    count: number;
    /** Less refunds. */
    principal: string;
    fee: string;
    commission: string;
    adjustments: string;
    paid: string;
    net: string;
  }[];
  /** Real .xlsx, base64. */
  xlsxBase64: string;
}

/** ledger.invariants: M1-M4 and, with billing's figures, S3 and S4 per branch. */
export interface InvariantsReply {
  ok: boolean;
  checks: { name: string; ok: boolean; detail: string }[];
  branches: {
    branch: string;
    due: string;
    principal: string;
    settledInBilling: string;
    receivable: string;
    openItems: string;
    ok: boolean;
  }[];
}

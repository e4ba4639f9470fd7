import { z } from 'zod';
import { branchCode, digits, items, paymentNumber, plainDate, providerCode } from './common';

/**
 * payments.resolve: reconciliation carries a resolution out through the owning service's write door.
 * Key = resolution id; the same key is answered the same way.
 */
export const resolutionAction = z.enum([
  'credit',
  'confirm_paid',
  'confirm_declined',
  'refund_payer',
  'reverse_credit',
  'move_credit',
  'repair_gateway',
  'claim_provider',
  'correct_fee',
  'requery',
  'carry',
  'write_off',
  'accept',
]);
export type ResolutionAction = z.infer<typeof resolutionAction>;

/**
 * Of repair_gateway: what the statement and billing's book say of a payment, or of a refund of one, that the gateway lost.
 * Whose number it was is billing's: `subscriberId` may stay empty.
 */
export const repairOrder = z.object({
  branch: branchCode,
  acquiringBranch: branchCode,
  channel: z.string().min(1).max(16),
  partner: z.string().max(32).default(''),
  /** What was credited. */
  face: digits,
  subscriberId: z.string().max(32).default(''),
  /** The provider's reference; empty: the first attempt. */
  attemptNo: z
    .string()
    .regex(/^(\d{22})?$/)
    .default(''),
  /** Of a refund or reversal; then `amount` is what went back. */
  refundNo: z
    .string()
    .regex(/^(\d{20}[RV]\d{2})?$/)
    .default(''),
});

export const paymentsResolve = items(
  z.object({
    key: z.string().min(1).max(64),
    paymentNo: paymentNumber,
    /** reverse_credit: the provider took the money back; whoever asks this does not ask billing too. */
    action: z.enum([
      'confirm_paid',
      'confirm_declined',
      'credit',
      'refund_payer',
      'reverse_credit',
      'repair_gateway',
      'requery',
    ]),
    /** Of repair_gateway, and only of it. */
    repair: repairOrder.optional(),
    /** Evidence: the statement file's hash and line, the provider's transaction id and date. */
    providerTxnId: z.string().max(64),
    /** Whose statement it is; a payment may have been tried at several. Missing: the one it stands on. */
    provider: providerCode.optional(),
    businessDate: plainDate,
    amount: digits,
    evidence: z.string().max(300),
    actor: z.string().max(64),
  }),
);
export interface ResolveAnswer {
  key: string;
  /** done: the state now says so; working: started, ask again with the same key; refused: with a reason. */
  outcome: 'done' | 'working' | 'refused';
  reason?: string;
  paymentState: string;
  creditState: string;
}

/** payments.get for consoles of other services: by numbers. */
export const paymentsGet = z.object({ numbers: z.array(paymentNumber).min(1).max(256) });
export interface PaymentBrief {
  number: string;
  state: string;
  creditState: string;
  amount: string;
  charged: string;
  msisdnMasked: string;
  branch: string;
  acquiringBranch: string;
  channel: string;
  partner: string;
  provider: string;
  providerTxnId: string;
  businessDate: string | null;
  createdAt: string;
}

/** What a provider's contract says about its days and statements; every member has a default. Part of the provider's profile. */
export const reconciliationProfile = z.object({
  /** HH:mm in Asia/Shanghai after which the day is closed by itself; absent: only when somebody starts the night. */
  cutOff: z
    .string()
    .regex(/^\d{2}:\d{2}$/)
    .optional(),
  /** Break class → provider dates an item of it may wait before it is a break; overrides the decision table. */
  waits: z.record(z.string(), z.number().int().min(0).max(30)).default({}),
  /** Fen a line's fee may differ from the contract and still be accepted by rule. */
  feeTolerancePerLine: digits.default('1'),
  /** What the statement shows of a payment reversed within its date; matching takes each shape, this one is expected. */
  reversalShows: z.enum(['both', 'neither', 'revoked']).default('both'),
  feeOnRefund: z.enum(['kept', 'proportional', 'as_statement']).default('as_statement'),
  /** The provider may take money back by itself (debit returns, charge-backs): a rule may then follow it. */
  allowsReturns: z.boolean().default(false),
});
export type ReconciliationProfile = z.infer<typeof reconciliationProfile>;

/** providers.list: who has books and statements. */
export interface ProviderInfo {
  code: string;
  nameZh: string;
  nameEn: string;
  /** bank: we call it; partner: it collects and sends a statement. */
  kind: 'bank' | 'partner';
  openDate: string;
  /** Folder of libs/connectors that reads its statement; absent: bank-direct. */
  connector?: string;
  /** As in the carrier's profile; read through `reconciliationProfile`. */
  profile?: z.input<typeof reconciliationProfile>;
}
/** statements.fetch: the gateway holds the provider's keys; reconciliation asks it for the file as it is. */
export const statementsFetch = z.object({
  provider: z.string(),
  date: plainDate,
  /** More of a file that was answered in part: the hash of the whole, and from which byte on. */
  part: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), offset: z.number().int().min(1) }).optional(),
});
export type StatementReply =
  /** `sha256` is of the whole; `bytes` is its length where `contentBase64` is only a part of it. */
  | { state: 'ready'; fileName: string; contentBase64: string; sha256: string; bytes?: number }
  | { state: 'not_ready' }
  | { state: 'none_today' };

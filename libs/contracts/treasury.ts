import { z } from 'zod';
import { branchCode, digits, paymentNumber, plainDate, providerCode } from './common';
import { period, type PartyStatementsRpc } from './party-statements';

/**
 * Headquarters' own money in settlement: its bank accounts, provider payouts, payees, payouts, statements of parties. Sums are
 * minor units as digits. Files are base64: account statements and status reports are small.
 */
const actor = z.string().min(1).max(64);
const key = z.string().min(1).max(64);
const base64 = z.string().min(1).max(64_000_000);
const ownAccount = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/);
const decision = z.enum(['approve', 'reject']);
const positive = z.string().regex(/^[1-9]\d{0,17}$/);

/** treasury.terms: our own accounts, and how each provider's money arrives. */
export interface TreasuryTermsReply {
  accounts: {
    code: string;
    name: string;
    /** Masked but for the last four. */
    account: string;
    bic: string;
  }[];
  providers: { provider: string; arrives: 'payout' | 'remittance' | 'prefund'; lagDays: number; setOff: boolean }[];
}

/** bank.import: an account statement of ours (camt.053). The same file again changes nothing. */
export const bankImport = z.object({ account: ownAccount, contentBase64: base64, actor });
export interface BankImported {
  sha256: string;
  entries: number;
  added: number;
  conflicting: string[];
  findings: string[];
  agrees: boolean;
  booked: number;
  unexplained: number;
}

/** bank.unexplained: class `payout_unknown`, oldest first, page by page: `after` is `next` of the page before. */
export const bankUnexplained = z.object({
  after: z
    .object({ valueDay: plainDate, entryId: z.string().min(1).max(100) })
    .nullable()
    .default(null),
  limit: z.number().int().min(1).max(1_000).default(500),
});
export interface BankUnexplained {
  entries: BankEntryView[];
  /** Null: this was the last page. */
  next: { valueDay: string; entryId: string } | null;
}
export interface BankEntryView {
  entryId: string;
  account: string;
  valueDay: string;
  amount: string;
  ourRef: string;
  bankRef: string;
  counterparty: string;
  note: string;
  state: 'open' | 'proposed' | 'booked';
  meaning: string;
  provider: string;
  proposedBy: string;
}

/** bank.propose, bank.decide: two people say whose money an entry is. */
export const bankPropose = z.object({ entryId: z.string().min(1).max(100), provider: providerCode, actor });
export const bankDecide = z.object({ entryId: z.string().min(1).max(100), decision, actor });

/**
 * payouts_in.import: what a provider says itself of its payouts (fund flow, balance or payout report, in any format of a
 * connector). Only its payout lines count; the same file again changes nothing.
 */
export const payoutsInImport = z.object({
  provider: providerCode,
  fileName: z.string().max(200).default(''),
  contentBase64: base64,
  actor,
});
export interface PayoutsInImported {
  format: string;
  lines: number;
  added: number;
  conflicting: string[];
  findings: string[];
  agrees: boolean;
}

/** payouts_in.match: N statement dates : M payouts of one provider, as of a date. */
export const payoutsInMatch = z.object({ provider: providerCode, asOf: plainDate });
export type PayoutClass =
  'matched' | 'not_due' | 'payout_missing' | 'payout_short' | 'payout_over' | 'payout_unknown' | 'payout_returned';
export interface PayoutsInReply {
  provider: string;
  asOf: string;
  groups: {
    class: PayoutClass;
    /** Statement dates and what they should bring. */
    dates: { date: string; dueDay: string; amount: string }[];
    /** The provider's own word, where it gave one. */
    lines: { lineId: string; day: string; amount: string }[];
    entries: { entryId: string; valueDay: string; amount: string }[];
    /** Paid less expected. */
    difference: string;
  }[];
  /** What the statements say it still holds for us, and what the money ledger says. */
  held: string;
  clearing: string;
}

/** prefund.apply: what a partner paid in before pays for what it has collected since (row 8c). */
export const prefundApply = z.object({ provider: providerCode });
export interface PrefundApplied {
  provider: string;
  /** Per statement date; signed: negative gives back. */
  applied: { date: string; amount: string }[];
  left: string;
}

/** set_off.post: invoiced fees against what the provider owes; only where its contract says so. */
export const setOffPost = z.object({ key, provider: providerCode, date: plainDate, actor });
export interface SetOffPosted {
  provider: string;
  amount: string;
  replay: boolean;
}

/** differences.post: a provider payout's difference is given up: headquarters bears it (short) or keeps it (over). Row 1e. */
export const differencePost = z.object({
  key,
  provider: providerCode,
  date: plainDate,
  /** Paid less expected: negative is a loss. */
  difference: digits,
  proposedBy: actor,
  actor,
});

/** principal.move: the credit went to the wrong branch and its money was settled (row 15). */
export const principalMove = z.object({
  key,
  paymentNo: paymentNumber,
  from: branchCode,
  to: branchCode,
  amount: positive,
  date: plainDate,
  actor,
});

/** suspense.offset: open items that cancel each other, such as a won dispute and its return (6c), a paid claim (12). */
export const suspenseOffset = z.object({
  key,
  provider: providerCode,
  itemIds: z.array(z.string().min(1).max(64)).min(2).max(16),
  actor,
});

export interface MovementPosted {
  key: string;
  batchId: string;
  replay: boolean;
}

const payeeKind = z.enum(['branch', 'partner', 'provider', 'payer']);
/** payees.propose, payees.decide, payees.list */
export const payeesPropose = z.object({
  partyKind: payeeKind,
  party: z.string().min(1).max(40),
  action: z.enum(['add', 'retire']).default('add'),
  name: z.string().max(70).default(''),
  account: z
    .string()
    .regex(/^([A-Z0-9]{4,34})?$/)
    .default(''),
  bic: z
    .string()
    .regex(/^([A-Z0-9]{8}([A-Z0-9]{3})?)?$/)
    .default(''),
  reason: z.string().trim().min(1).max(200),
  actor,
});
export const payeesDecide = z.object({ id: z.string().min(1).max(40), decision, actor });
export interface PayeeView {
  id: string;
  partyKind: 'branch' | 'partner' | 'provider' | 'payer';
  party: string;
  action: 'add' | 'retire';
  name: string;
  /** Masked but for the last four. */
  account: string;
  bic: string;
  reason: string;
  state: 'proposed' | 'approved' | 'rejected';
  proposedBy: string;
  decidedBy: string;
  effectiveAt: string | null;
}

/** payouts.propose: what headquarters owes, as one run for two others to approve. */
export const payoutsPropose = z.object({
  account: ownAccount,
  /** Left out: today, or the next day on which banks work. */
  executionDay: plainDate.optional(),
  parties: z
    .array(z.object({ kind: payeeKind, code: z.string().min(1).max(40) }))
    .max(1000)
    .optional(),
  refunds: z
    .array(z.object({ paymentNo: paymentNumber, branch: branchCode, amount: positive }))
    .max(1000)
    .optional(),
  period: period.optional(),
  actor,
});
export const payoutsApprove = z.object({ runId: z.string().min(1).max(40), actor });
export const payoutsRun = z.object({ runId: z.string().min(1).max(40) });
export interface PayoutView {
  number: string;
  partyKind: string;
  party: string;
  amount: string;
  state: string;
  bankStatus: string;
  reason: string;
  retryOf: string;
}
export interface PayoutRunView {
  runId: string;
  account: string;
  executionDay: string;
  state: 'proposed' | 'approved_once' | 'sent' | 'withdrawn';
  proposedBy: string;
  firstBy: string;
  secondBy: string;
  messageId: string;
  fileName: string;
  sha256: string;
  total: string;
  payouts: PayoutView[];
}
export interface ProposedRunReply {
  /** Null: nobody is to be paid. */
  run: PayoutRunView | null;
  skipped: { kind: string; code: string; amount: string; reason: string }[];
}
export interface PayoutFileReply {
  fileName: string;
  sha256: string;
  contentBase64: string;
}
/** payouts.status: a bank's pain.002. */
export const payoutsStatus = z.object({ contentBase64: base64, date: plainDate, actor });
export interface PayoutStatusReply {
  rejected: string[];
  noted: number;
  findings: string[];
}

/** Patterns of settlement that concern headquarters' own money. */
export interface TreasuryRpc extends PartyStatementsRpc {
  'treasury.terms': [object, TreasuryTermsReply];
  'bank.import': [z.input<typeof bankImport>, BankImported];
  'bank.unexplained': [z.input<typeof bankUnexplained>, BankUnexplained];
  'bank.propose': [z.input<typeof bankPropose>, BankEntryView];
  'bank.decide': [z.input<typeof bankDecide>, BankEntryView];
  'payouts_in.import': [z.input<typeof payoutsInImport>, PayoutsInImported];
  'payouts_in.match': [z.input<typeof payoutsInMatch>, PayoutsInReply];
  'prefund.apply': [z.input<typeof prefundApply>, PrefundApplied];
  'set_off.post': [z.input<typeof setOffPost>, SetOffPosted];
  'differences.post': [z.input<typeof differencePost>, MovementPosted];
  'principal.move': [z.input<typeof principalMove>, MovementPosted];
  'suspense.offset': [z.input<typeof suspenseOffset>, { replay: boolean }];
  'payees.propose': [z.input<typeof payeesPropose>, PayeeView];
  'payees.decide': [z.input<typeof payeesDecide>, PayeeView];
  'payees.list': [object, { payees: PayeeView[] }];
  'payouts.propose': [z.input<typeof payoutsPropose>, ProposedRunReply];
  'payouts.approve': [z.input<typeof payoutsApprove>, PayoutRunView];
  'payouts.withdraw': [z.input<typeof payoutsRun>, PayoutRunView];
  'payouts.get': [z.input<typeof payoutsRun>, PayoutRunView];
  'payouts.list': [object, { runs: PayoutRunView[] }];
  'payouts.file': [z.input<typeof payoutsRun>, PayoutFileReply];
  'payouts.status': [z.input<typeof payoutsStatus>, PayoutStatusReply];
}

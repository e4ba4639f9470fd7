import { z } from 'zod';
import { suspendReason, type SuspendReason } from './numbering';
import { bearer, positiveDigits, type GiftBearer, type Offer } from './policies';
import { branchCode, channel, currency, digits, items, msisdn, paymentNumber, plainDate, providerCode } from './common';

/**
 * numbers.lookup: who owns this number now. `live`: a branch that keeps its balances itself is asked, for a moment; a frame
 * of such items carries no others, so that nobody waits for a province but those who asked for it. `brief`: who holds the
 * number and what is taken for it; balance and bills are not looked up and offers not listed.
 */
export const numbersLookup = items(z.object({ msisdn, live: z.boolean().optional(), brief: z.boolean().optional() }));
export type NumberStatus = 'active' | 'suspended' | 'pre_closed' | 'closed';
export interface NumberAnswer {
  msisdn: string;
  /** Absent when no branch owns it. */
  found?: {
    subscriberId: string;
    branch: { code: string; nameZh: string; nameEn: string };
    status: NumberStatus;
    /** Only while suspended: in arrears a number is paid for, else it is not. */
    suspendReason?: SuspendReason;
    plan: 'prepaid' | 'postpaid';
    /** Already masked, e.g. 王*兰. */
    owner: string;
    /** Changes when the number changes owner. */
    ownerVersion: number;
    /** null: it was not asked for, or the branch keeps it itself and was not asked or did not say in time. */
    balance: string | null;
    /** Gifts not used yet. */
    bonus?: string;
    /** Open bills of a postpaid number; null for others, and during the branch's billing run, when it is not known. */
    amountDue: string | null;
    accepts: { min: string; max: string; step: string };
    /** The branch is in a maintenance window: credits wait. */
    maintenance: boolean;
    /** What the branch sells now beside plain top-ups. */
    offers?: Offer[];
  };
  /** Another carrier serves it now; then nothing is found. */
  portedOut?: true;
}

/** topups.post: credit at the home branch. Key = payment number: the same key never credits twice. */
export const topupsPost = items(
  z.object({
    key: paymentNumber,
    subscriberId: z.string().min(1).max(32),
    /** As looked up when the payer saw the name; a credit for another owner is refused. Left out: not compared. */
    ownerVersion: z.number().int().positive().optional(),
    branch: branchCode,
    provider: providerCode,
    channel,
    partner: z.string().max(32),
    acquiringBranch: branchCode,
    face: digits,
    charged: digits,
    /** face = charged + Σ discounts; one per bearer. */
    discounts: z
      .array(z.object({ bearer, amount: positiveDigits }))
      .max(4)
      .optional(),
    currency,
    providerTxnId: z.string().max(64),
    businessDate: plainDate.nullable(),
    /** Not started when this runs out → surely not executed. */
    ttlMs: z.number().int().min(1).max(60_000),
  }),
);
export type TopupItem = z.infer<typeof topupsPost>['items'][number];

export interface TopupAnswer {
  key: string;
  /**
   * credited | rejected | voided are final and stored; pending: a remote BSS is being asked; busy, expired, maintenance:
   * surely not executed, send the same key again later; unknown: ask with the same key; not_found: only from topups.query.
   */
  outcome:
    | 'credited'
    | 'rejected'
    | 'voided'
    | 'pending'
    | 'busy'
    | 'expired'
    | 'maintenance'
    | 'unknown'
    | 'not_found'
    | 'conflict'
    | 'internal';
  /** Given beside the face by the branch's promotion. */
  bonus?: string;
  bonusBearer?: GiftBearer;
  /** Error-book code of a rejection (number_closed, number_suspended, amount_above_maximum …). */
  reason?: string;
  replay: boolean;
  balanceAfter?: string;
  at?: string;
}

/**
 * topups.query works by key alone. One that is pending at a remote BSS may be waited for a moment: the call is held, so it
 * carries none but those.
 */
export const topupsByKey = items(
  z.object({ key: paymentNumber, waitMs: z.number().int().min(0).max(2_000).optional() }),
);

/**
 * topups.void: the tombstone is stored by key alone. `origin` says in whose book the fact `credit_voided` belongs; without it
 * the tombstone stands and no book shows it.
 */
export const topupsVoid = items(
  z.object({
    key: paymentNumber,
    origin: z
      .object({
        provider: providerCode,
        branch: branchCode,
        acquiringBranch: branchCode,
        channel,
        partner: z.string().max(32),
        face: digits,
      })
      .optional(),
  }),
);

/** holds.place: take value from the subscriber BEFORE a refund or reversal is asked of the provider. */
export const holdsPlace = items(
  z.object({
    /** Refund or reversal number. */
    key: z.string().min(1).max(32),
    paymentNo: paymentNumber,
    kind: z.enum(['refund', 'reversal']),
    /** Of the face: what the subscriber gives back. The payer's part of it comes with the answer. */
    amount: digits,
    currency,
  }),
);
export const holdsResolve = items(
  z.object({ key: z.string().min(1).max(32), paymentNo: paymentNumber, action: z.enum(['post', 'void']) }),
);
export interface HoldAnswer {
  key: string;
  outcome: 'held' | 'posted' | 'voided' | 'rejected' | 'busy' | 'unknown' | 'conflict' | 'not_found';
  /** refund_exceeds_balance, refund_exceeds_paid, bonus_used, invoice_issued, state_conflict … */
  reason?: string;
  replay: boolean;
  balanceAfter?: string;
  /** What the provider returns to the payer: the amount less the discounts' share. */
  charged?: string;
  /** Taken back of the gift: what was unused of its share, or its share out of cash. */
  bonus?: string;
}

/** credits.reverse: a forced reverse_credit after an approved resolution; key = resolution id. */
export const creditsReverse = items(
  z.object({
    /** Stands as the reference of the fact in the credit book. */
    key: z.string().min(1).max(40),
    paymentNo: paymentNumber,
    amount: digits,
    currency,
    reason: z.string().max(200),
    actor: z.string().max(64),
  }),
);

/** settled.post: settlement's outbox: principal moves between `settled` and `receivable` of a branch; key = batch id + branch. */
export const settledPost = items(
  z.object({
    key: z.string().min(1).max(64),
    branch: branchCode,
    provider: providerCode,
    date: plainDate,
    /** Positive: Dr settled Cr receivable; negative: the mirror image. */
    amount: digits,
    currency,
  }),
);
export interface KeyAnswer {
  key: string;
  outcome: 'posted' | 'rejected' | 'busy' | 'unknown' | 'conflict';
  reason?: string;
  replay: boolean;
}

/** branches.list */
export interface BranchInfo {
  code: string;
  nameZh: string;
  nameEn: string;
  status: 'open' | 'maintenance';
}
/** branches.setStatus: operations puts a branch into maintenance; credits then wait and are never refused. */
export const branchesSetStatus = z.object({
  branch: branchCode,
  status: z.enum(['open', 'maintenance']),
  actor: z.string().max(64),
  reason: z.string().max(200),
});

/** ledger.verify in billing (S1, S2, chains) and settlement (M1, chains). */
export interface VerifyReply {
  ok: boolean;
  checks: { name: string; ok: boolean; detail: string }[];
}
/** ledger.branches: per branch, sums from the service ledger. */
export interface BranchLedgerReply {
  branches: {
    branch: string;
    /** Dr balance of receivable: owed by headquarters, not settled. */
    receivable: string;
    settled: string;
    /** Cumulative funded credits and credit reversals. */
    credits: string;
    reversals: string;
    /** Of `settled`: what was told payment by payment (settled.items); all of it once the outbox is empty. */
    itemised: string;
  }[];
}
/** subscribers.register (sandbox seeding and importers; operations only) */
export const subscribersRegister = items(
  z.object({
    msisdn,
    branch: branchCode,
    name: z.string().min(1).max(40),
    plan: z.enum(['prepaid', 'postpaid']),
    status: z.enum(['active', 'suspended', 'pre_closed', 'closed']),
    /** Left out: as it stands, else `loss`. */
    suspendReason: suspendReason.optional(),
    balance: digits,
  }),
);

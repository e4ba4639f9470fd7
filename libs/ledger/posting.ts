import type { FactInput } from '@yidian/journal';
import type { Desk, Plan } from './plan';
import type { Notes, TransferInput } from './transfer';

export type { Notes, TransferInput } from './transfer';

/** An account with a limit: locked and judged. Opened by the first posting that names it. */
export interface AccountOpening {
  id: string;
  kind: string;
  /** balance = credits − debits may not fall below. */
  floor: bigint;
  /** … nor rise above; NO_LIMIT when there is none. */
  ceiling: bigint;
}

/**
 * frozen: nothing leaves it (a legal order, a lost card) · closed: nothing moves. Forced transfers pass both. Stored rejections
 * give the reason `account_frozen` or `account_closed`.
 */
export type AccountStatus = 'open' | 'frozen' | 'closed';

export const NO_LIMIT = 1_000_000_000_000_000_000n;

export type Outcome = 'posted' | 'rejected' | 'voided';

export type FactsOf = (outcome: Outcome, reason?: string) => FactInput[];

export interface PostingKey {
  key: string;
  /** YYYY-MM-DD; part of the identity of the key (the day the key was made). */
  keyDay: string;
}

export interface PostingInput extends PostingKey {
  actor: string;
  /** Canonical typed fields; the same key with another value of any of them is a conflict naming the first. */
  input: Record<string, string>;
  /** 1 to 8 that stand or fall together. Zero amounts make no transfer: leave them out. */
  transfers: readonly TransferInput[];
  opens?: readonly AccountOpening[];
  /** A business refusal already decided: stored with zero transfers and this reason. */
  reject?: string;
  /** Kept with the answer and given back with each replay; no part of the promise. */
  notes?: Notes;
  /** Decides under the locks what the transfers are; `transfers` are then left empty. */
  plan?: Plan;
  currency?: string;
  facts?: FactsOf;
  /** Looked up, locked and judged like any other, at its place in the batch; nothing of it is stored. */
  dryRun?: boolean;
}

/** Tombstone: the key is given up; whoever comes late with it is answered `voided`. */
export interface VoidInput extends PostingKey {
  actor: string;
  facts?: FactsOf;
}

/**
 * Value is taken at once: it moves from `debit` to `held/<credit>`, so it cannot be spent. `resolve` moves it on to
 * `credit` (post) or back (void), at most once: its key is derived from the hold's.
 */
export interface HoldInput extends PostingKey {
  actor: string;
  input: Record<string, string>;
  /** Left out: the plan says what is put `aside`. */
  take?: TransferInput;
  plan?: Plan;
  /** Posted with the hold and undone by a void, such as the guard of partial refunds (an account with a ceiling). */
  guards?: readonly TransferInput[];
  opens?: readonly AccountOpening[];
  reject?: string;
  currency?: string;
  facts?: FactsOf;
  dryRun?: boolean;
  /**
   * From then on `expiredHolds` lists it and `resolve` may expire it. It stays held until that is stored: nothing ends by
   * itself. Part of the promise of the key.
   */
  expiresAt?: Date;
}

export interface ResolveInput extends PostingKey {
  /** `key`, `keyDay` are the hold's. `expire` gives back as `void` does, once the hold's time is over by the database's clock. */
  action: 'post' | 'void' | 'expire';
  /** Posts so much and gives the rest back, in one posting; left out: all of it. Not for holds with a plan. */
  amount?: bigint;
  actor: string;
  facts?: FactsOf;
  /** Rows that move with the resolution (see Plan); `notes` are the hold's. Left out: nothing but accounts moves. */
  rides?: readonly string[];
  accepted?: (desk: Desk, balanceOf: (account: string) => bigint, notes: Notes) => void;
}

/** Undoes a posting leg by leg, at most once: the key is derived from it. Limits hold unless it is forced. */
export interface ReverseInput extends PostingKey {
  /** `key`, `keyDay` are those of the posting to undo. */
  actor: string;
  forced?: boolean;
  facts?: FactsOf;
}

export interface StatusInput extends PostingKey {
  actor: string;
  account: string;
  status: AccountStatus;
  /** Why, by whose order …; part of the promise. */
  input?: Record<string, string>;
  currency?: string;
}

/** A hold whose time is over. */
export interface ExpiredHold extends PostingKey {
  expiresAt: Date;
}

/** Credits − debits of an account with a limit. */
export interface AccountBalance {
  account: string;
  balance: bigint;
}

export interface PostingAnswer {
  key: string;
  /**
   * `not_found` only from `resolve` and `reverse`: no such hold or posting stands (never came, rejected or voided), or its time
   * is not over (`reason` not_due). Nothing is stored.
   */
  outcome: Outcome | 'not_found';
  reason?: string;
  replay: boolean;
  /** First differing field: the key was used for something else; outcome is the stored one. */
  conflict?: string;
  /**
   * Accounts with a limit that were touched, after the posting. A list: with accounts as names of members each answer would be
   * an object of a kind of its own, and every name one more for the engine to keep.
   */
  balances: readonly AccountBalance[];
  notes?: Notes;
  at: Date;
  /** What would have been answered; nothing was stored. */
  dryRun?: true;
}

import type { BatchLimits } from '@yidian/batching';
import type { Db } from '@yidian/database';
import type { HoldInput, PostingAnswer, PostingInput, PostingKey, ResolveInput, VoidInput } from './posting';

export interface LedgerOptions {
  /** For the lanes' own connections. */
  url: string;
  service: string;
  instance: string;
  /** For reads: find, balances, verify. */
  db: Db;
  /** Parallel lanes, default 1. */
  lanes?: number;
  limits?: Partial<BatchLimits>;
  /** Which accounts have a limit (a row in `account`); all others are shared. Default: `subscriber/…` and `guard/…`. */
  limited?: (account: string) => boolean;
  alarm?: (message: string, error?: unknown) => void;
}

export interface VerifyResult {
  ok: boolean;
  checks: { name: string; ok: boolean; detail: string }[];
}

/** Rejections of post, void, hold and resolve: Busy, Expired (surely not executed), OutcomeUnknown, Poison (internal). */
export class Ledger {
  constructor(readonly options: LedgerOptions) {}
  open(): Promise<void> {
    throw new Error('not there yet');
  }
  close(): Promise<void> {
    throw new Error('not there yet');
  }
  ready(): boolean {
    return false;
  }
  queueAgeMs(): number {
    return 0;
  }
  post(_posting: PostingInput, _ttlMs?: number): Promise<PostingAnswer> {
    throw new Error('not there yet');
  }
  void(_tombstone: VoidInput, _ttlMs?: number): Promise<PostingAnswer> {
    throw new Error('not there yet');
  }
  hold(_hold: HoldInput, _ttlMs?: number): Promise<PostingAnswer> {
    throw new Error('not there yet');
  }
  resolve(_resolution: ResolveInput, _ttlMs?: number): Promise<PostingAnswer> {
    throw new Error('not there yet');
  }
  /** Stored answers by key, in the order asked; null is "not found", which is not "never". */
  find(_keys: readonly PostingKey[]): Promise<(PostingAnswer | null)[]> {
    throw new Error('not there yet');
  }
  /** Balance per account asked, credits − debits; accounts never touched are 0. */
  balances(_accounts: readonly string[]): Promise<Map<string, bigint>> {
    throw new Error('not there yet');
  }
  /** Zero sum per currency, balance = Σ transfers, hash chains. */
  verify(): Promise<VerifyResult> {
    throw new Error('not there yet');
  }
}

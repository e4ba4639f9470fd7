import type { BatchLimits } from '@yidian/batching';
import type { Db } from '@yidian/database';
import { LaneWriter, type HashSource, type Pace } from '@yidian/journal';
import { answerOf, nameOf } from './answers';
import { Door, type DoorRequest } from './door';
import { InFlight } from './in-flight';
import { expiryOf, holdRequest, isHold, isPlanned, resolutionKey, resolutionRequest } from './hold-requests';
import { databaseTime, holdsDue, storedBalances, storedPostings, transfersOf, type PostingRow } from './ledger.store';
import { notesOf } from './notes';
import type { Rider } from './plan';
import type {
  ExpiredHold,
  HoldInput,
  PostingAnswer,
  PostingInput,
  PostingKey,
  ResolveInput,
  ReverseInput,
  StatusInput,
  VoidInput,
} from './posting';
import { postingRequest, statusRequest, tombstone } from './requests';
import { reversalKey, reversalRequest } from './reversal-request';
import { takeSnapshot } from './snapshots';
import type { Snapshot } from './snapshots.store';
import { verifyLedger, type VerifyOptions, type VerifyResult } from './verify-ledger';

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
  /** Rows of the service that change with its postings. */
  rider?: Rider;
  /** What else this service's lanes have hashed, such as its audit. */
  sources?: readonly HashSource[];
  alarm?: (message: string, error?: unknown) => void;
}

const isLimited = (account: string): boolean => account.startsWith('subscriber/') || account.startsWith('guard/');

/** Rejections of post, void, hold and resolve: Busy, Expired (surely not executed), OutcomeUnknown, Poison (internal). */
export class Ledger {
  private readonly limited: (account: string) => boolean;
  private readonly lanes: LaneWriter<DoorRequest, PostingAnswer>[];
  private readonly inFlight = new InFlight<PostingAnswer>();

  constructor(private readonly options: LedgerOptions) {
    const { url, service, instance, limits, alarm } = options;
    this.limited = options.limited ?? isLimited;
    const body = new Door(options.rider);
    const extra = { ...(limits ? { limits } : {}), ...(alarm ? { alarm } : {}) };
    this.lanes = Array.from(
      { length: options.lanes ?? 1 },
      () => new LaneWriter({ url, service, instance, body, ...extra }),
    );
  }

  async open(): Promise<void> {
    for (const lane of this.lanes) await lane.open();
  }

  async close(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }

  ready(): boolean {
    return this.lanes.every((lane) => lane.ready());
  }

  /** Age of the oldest waiting posting in ms. */
  queueAgeMs(): number {
    return Math.max(...this.lanes.map((lane) => lane.queueAgeMs()));
  }

  /** Not `async`: a promise that only waits for another one is a third of what a submission costs. */
  post(posting: PostingInput, ttlMs?: number): Promise<PostingAnswer> {
    let request: DoorRequest;
    try {
      request = postingRequest(posting, this.limited);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return Promise.reject(error);
    }
    return this.submit(request, ttlMs);
  }

  /** Gives a key up for ever, unless it is decided already: then its stored answer comes back. */
  async void(given: VoidInput, ttlMs?: number): Promise<PostingAnswer> {
    return this.submit(tombstone(given), ttlMs);
  }

  async hold(hold: HoldInput, ttlMs?: number): Promise<PostingAnswer> {
    return this.submit(holdRequest(hold, this.limited), ttlMs);
  }

  /**
   * Ends a hold once; the answer's key is `resolve:<hold>`. A hold is never changed once stored, so it is read before the
   * door. A hold that is not there may still come: only `void` of its key makes sure that it does not.
   */
  async resolve(resolution: ResolveInput, ttlMs?: number): Promise<PostingAnswer> {
    const { db } = this.options;
    const [hold] = await storedPostings(db, [resolution]);
    if (!hold || !isHold(hold)) return nothing(resolutionKey(resolution.key));
    if (resolution.action === 'expire' && !(await this.isOver(hold)))
      return { ...nothing(resolutionKey(resolution.key)), reason: 'not_due' };
    const standing = {
      input: hold.input,
      notes: notesOf(hold.balances).notes ?? {},
      transfers: isPlanned(hold.input) ? await transfersOf(db, hold) : [],
    };
    return this.submit(resolutionRequest(resolution, standing, this.limited), ttlMs);
  }

  /** Holds whose time is over and that nobody has ended, oldest first: for a sweep that resolves each with `expire`. */
  expiredHolds(limit: number): Promise<ExpiredHold[]> {
    return holdsDue(this.options.db, limit);
  }

  /** Undoes a posting once; the answer's key is `reverse:<key>`. A posting is never changed, so it is read before the door. */
  async reverse(reversal: ReverseInput, ttlMs?: number): Promise<PostingAnswer> {
    const { db } = this.options;
    const [posting] = await storedPostings(db, [reversal]);
    if (posting?.outcome !== 'posted' || posting.n === 0) return nothing(reversalKey(reversal.key));
    const legs = await transfersOf(db, posting);
    return this.submit(reversalRequest(reversal, posting, legs, this.limited), ttlMs);
  }

  /** Freezes, closes or opens an account with a limit; a stored decision like any other. */
  async setStatus(given: StatusInput, ttlMs?: number): Promise<PostingAnswer> {
    return this.submit(statusRequest(given), ttlMs);
  }

  /** Stored answers by key, in the order asked; null is "not found", which is not "never". */
  async find(keys: readonly PostingKey[]): Promise<(PostingAnswer | null)[]> {
    const rows = await storedPostings(this.options.db, keys);
    const byName = new Map(rows.map((row) => [nameOf(row.key_day, row.k), row]));
    return keys.map(({ key, keyDay }) => {
      const row = byName.get(nameOf(keyDay, key));
      return row ? answerOf(row, true) : null;
    });
  }

  /** Balance per account asked, credits − debits; accounts never touched are 0. */
  async balances(accounts: readonly string[]): Promise<Map<string, bigint>> {
    const stored = await storedBalances(this.options.db, accounts);
    return new Map(accounts.map((id) => [id, stored.get(id) ?? 0n]));
  }

  /** Zero sum per currency, balance = Σ transfers, hash chains; writers go on meanwhile. */
  verify(options: VerifyOptions = {}): Promise<VerifyResult> {
    return verifyLedger(this.options.db, { sources: this.options.sources ?? [], ...options });
  }

  /** The day's balances, proved: later verifications begin there. Undefined: nothing to take, or another process is at it. */
  takeSnapshot(day: string, pace: Pace = {}): Promise<Snapshot | undefined> {
    return takeSnapshot(this.options.db, day, { sources: this.options.sources ?? [], ...pace });
  }

  private submit(request: DoorRequest, ttlMs: number | undefined): Promise<PostingAnswer> {
    // Nobody else may take a rehearsal for the answer of their own posting.
    if (request.dryRun) return this.laneOf(request).submit(request, ttlMs);
    return this.inFlight.submit(request.name, request.input, (waitedMs) =>
      this.laneOf(request).submit(request, ttlMs === undefined ? undefined : ttlMs - waitedMs),
    );
  }

  /** By the database's clock: the processes' own may differ. */
  private async isOver(hold: PostingRow): Promise<boolean> {
    const expiry = expiryOf(hold.input);
    return expiry !== undefined && expiry <= (await databaseTime(this.options.db));
  }

  /** Postings of one account meet in one lane, where they need not wait for each other's locks. */
  private laneOf(request: DoorRequest): LaneWriter<DoorRequest, PostingAnswer> {
    if (this.lanes.length === 1) return this.lanes[0] as LaneWriter<DoorRequest, PostingAnswer>;
    const name = request.limited[0] ?? request.key;
    let hash = 0;
    for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) >>> 0;
    return this.lanes[hash % this.lanes.length] as LaneWriter<DoorRequest, PostingAnswer>;
  }
}

const nothing = (key: string): PostingAnswer => ({
  key,
  outcome: 'not_found',
  replay: false,
  balances: [],
  at: new Date(),
});

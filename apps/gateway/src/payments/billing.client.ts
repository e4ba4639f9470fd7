import { Injectable } from '@nestjs/common';
import { Busy, Coalescer, Expired } from '@yidian/batching';
import type { HoldAnswer, KeyAnswer, NumberAnswer, PayeeAnswer, TopupAnswer, TopupItem } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { BillingRpc } from '../platform';

export type FoundNumber = NonNullable<NumberAnswer['found']>;
export interface HoldRequest {
  key: string;
  paymentNo: string;
  kind: 'refund' | 'reversal';
  amount: string;
  currency: 'CNY';
}

/** Billing as payments see it: gathered calls, and "no answer" as an outcome of its own. */
@Injectable()
export class BillingClient {
  private readonly topups: Coalescer<TimedCredit, TopupAnswer>;
  private readonly payees: Coalescer<{ msisdn: string; brief: true }, NumberAnswer>;
  private readonly lookups: Coalescer<{ msisdn: string }, NumberAnswer>;
  /** Lines of their own for what may be waited for: what is quick never stands behind it. */
  private readonly ends: Coalescer<{ key: string; waitMs: number }, TopupAnswer>;
  private readonly balances: Coalescer<{ msisdn: string; live: true }, NumberAnswer>;

  constructor(private readonly rpc: BillingRpc) {
    const lookup = async (items: { msisdn: string; live?: true; brief?: true }[]) =>
      (await rpc.call('numbers.lookup', { items }, LOOKUP_MS)).items;
    const limits = { ttlMs: TTL_MS, queuedItems: QUEUED };
    // What arrives while one frame of look-ups is out rides in the next: below the peak that is fewer frames, and a shorter wait.
    const single = { ...limits, framesInFlight: 1 };
    const waiting = { ...limits, framesInFlight: WAITING_FRAMES };
    this.topups = new Coalescer({
      send: async (credits) => (await rpc.call('topups.post', { items: timed(credits) }, POST_MS)).items,
      limits,
    });
    this.payees = new Coalescer<{ msisdn: string; brief: true }, NumberAnswer>({ send: lookup, limits: single });
    this.lookups = new Coalescer({ send: lookup, limits: single });
    this.ends = new Coalescer({
      send: async (items) => (await rpc.call('topups.query', { items }, POST_MS)).items,
      limits: waiting,
    });
    this.balances = new Coalescer<{ msisdn: string; live: true }, NumberAnswer>({ send: lookup, limits: waiting });
  }

  /**
   * No answer is `unknown`: the same key is asked again later; what was never sent says so. A credit that a province is
   * quick about is waited for.
   */
  credit(item: TopupItem): Promise<TopupAnswer> {
    const { key } = item;
    return this.topups.ask({ item, until: performance.now() + TTL_MS }).then(
      (answer) => (answer.outcome === 'pending' ? this.end(key) : answer),
      (error: unknown) => unanswered(key, error),
    );
  }

  private end(key: string): Promise<TopupAnswer> {
    return this.ends.ask({ key, waitMs: PENDING_MS }).catch(() => ({ key, outcome: 'pending', replay: true }));
  }

  /** How a credit stands, by its key alone; nothing is given by asking. */
  async query(key: string): Promise<TopupAnswer> {
    return this.one(key, () => this.rpc.call('topups.query', { items: [{ key }] }, POST_MS));
  }

  /** Whose number a credit went to; null when billing has decided none. @throws when billing does not answer */
  async creditedTo(paymentNo: string): Promise<PayeeAnswer['payee']> {
    return (await this.rpc.call('credits.payees', { items: [{ key: paymentNo }] }, POST_MS)).items[0]?.payee ?? null;
  }

  /** @throws Problem busy when billing does not answer (nothing was done), number_unknown, number_ported_out */
  lookUp(msisdn: string): Promise<FoundNumber> {
    return this.lookups.ask({ msisdn }).then(foundOf, cannotBeLookedUp);
  }

  /** Who would get a payment and what may be paid; no balance. @throws like lookUp */
  payee(msisdn: string): Promise<FoundNumber> {
    return this.payees.ask({ msisdn, brief: true }).then(foundOf, cannotBeLookedUp);
  }

  /** With the balance also where the branch keeps it itself; null there when it does not say in time. */
  async lookUpBalance(msisdn: string): Promise<FoundNumber> {
    const found = await this.lookUp(msisdn);
    if (found.balance !== null) return found;
    const asked = await this.balances.ask({ msisdn, live: true }).catch(() => undefined);
    return asked?.found ?? found;
  }

  /** Gives a credit up for ever, or learns that it came first. */
  async voidCredit(item: VoidRequest): Promise<TopupAnswer> {
    return this.one(item.key, () => this.rpc.call('topups.void', { items: [item] }, POST_MS));
  }

  async hold(item: HoldRequest): Promise<HoldAnswer> {
    return this.one(item.key, () => this.rpc.call('holds.place', { items: [item] }, POST_MS));
  }

  async resolveHold(item: { key: string; paymentNo: string; action: 'post' | 'void' }): Promise<HoldAnswer> {
    return this.one(item.key, () => this.rpc.call('holds.resolve', { items: [item] }, POST_MS));
  }

  /** Takes a credit back past the balance if need be; not for refunds, whose value is held first. */
  async reverseCredit(item: ReverseRequest): Promise<KeyAnswer> {
    return this.one(item.key, () => this.rpc.call('credits.reverse', { items: [item] }, POST_MS));
  }

  private async one<A extends { key: string; outcome: string; replay: boolean }>(
    key: string,
    call: () => Promise<{ items: A[] }>,
  ): Promise<A | { key: string; outcome: 'unknown'; replay: false }> {
    try {
      return (await call()).items[0] ?? { key, outcome: 'unknown', replay: false };
    } catch {
      return { key, outcome: 'unknown', replay: false };
    }
  }
}

export interface ReverseRequest {
  key: string;
  paymentNo: string;
  amount: string;
  currency: 'CNY';
  reason: string;
  actor: string;
}

export interface VoidRequest {
  key: string;
  origin: {
    provider: string;
    branch: string;
    acquiringBranch: string;
    channel: TopupItem['channel'];
    partner: string;
    face: string;
  };
}

interface TimedCredit {
  /** Its `ttlMs` is set when it is sent. */
  item: TopupItem;
  /** Of the monotonic clock. */
  until: number;
}

/** Billing is told how much time is left, not when it ends: the clocks of two machines differ. */
function timed(credits: readonly TimedCredit[]): TopupItem[] {
  const now = performance.now();
  return credits.map(({ item, until }) => {
    item.ttlMs = Math.max(1, Math.round(until - now));
    return item;
  });
}

function foundOf({ found, portedOut }: NumberAnswer): FoundNumber {
  if (portedOut) throw new Problem('number_ported_out');
  if (!found) throw new Problem('number_unknown');
  return found;
}

function cannotBeLookedUp(cause: unknown): never {
  throw new Problem('busy', { detail: 'Numbers cannot be looked up now.', retryAfter: 2 }, { cause });
}

function unanswered(key: string, error: unknown): TopupAnswer {
  const outcome = error instanceof Busy ? 'busy' : error instanceof Expired ? 'expired' : 'unknown';
  return { key, outcome, replay: false };
}

/** More than that many waiting for a frame could not be answered in their time anyway. */
const QUEUED = 4_096;
/** Billing starts nothing that has waited longer; a started item is finished and answered within the call's time. */
const TTL_MS = 4_000;
const POST_MS = 8_000;
const LOOKUP_MS = 4_000;
/** How long a request waits for a province's word; after that the ladder asks. */
const PENDING_MS = 300;
const WAITING_FRAMES = 8;

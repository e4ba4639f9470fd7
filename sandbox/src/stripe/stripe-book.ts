import { createHmac } from 'node:crypto';
import type { BehaviourName } from '../bank/behaviour';
import type { Damage } from '../bank/damage';
import type { ProviderRule } from '../bank/faults';
import type { NdjsonLog } from '../journal/ndjson-log';

/** When something happened: on the accounting date that is played, and really, which is what lists are asked by. */
export interface Moment {
  date: string;
  /** Seconds since 1970, on the played date. */
  created: number;
  /** Seconds since 1970, by the real clock. */
  arrived: number;
}

export type Meta = Record<string, string>;

/** Amounts are strings of minor units so that a line of JSON holds them exactly. */
export interface Intent extends Moment {
  id: string;
  chargeId: string;
  amount: string;
  currency: string;
  status: 'processing' | 'succeeded' | 'requires_payment_method' | 'canceled';
  declineCode?: string;
  behaviour: BehaviourName;
  metadata: Meta;
  description: string;
  customer: string;
  method: string;
  /** When a payment under way reaches its effect, epoch ms. */
  settlesAt?: number;
}

export interface Session extends Moment {
  id: string;
  mode: 'payment' | 'setup';
  status: 'open' | 'complete' | 'expired';
  token: string;
  reference: string;
  metadata: Meta;
  /** What the payment or the signature that comes of it carries. */
  innerMetadata: Meta;
  innerDescription: string;
  returnUrl: string;
  expiresAt: number;
  amount: string;
  currency: string;
  customer: string;
  intentId: string;
  setupId: string;
  methodId: string;
}

export interface Method {
  id: string;
  customer: string;
  last4: string;
  metadata: Meta;
}

export interface Refund extends Moment {
  id: string;
  intentId: string;
  amount: string;
  currency: string;
  status: 'succeeded' | 'pending' | 'failed';
  failure?: string;
  metadata: Meta;
  settlesAt?: number;
}

export interface Dispute extends Moment {
  id: string;
  intentId: string;
  amount: string;
  currency: string;
}

/** What a request under an idempotency key was answered. */
export interface KeptAnswer {
  key: string;
  /** Of what was asked: the same key with another request is an error. */
  hash: string;
  status: number;
  body: object;
}

/** A wish for the next debits or refunds that fit. */
export type StripeEvent =
  | { t: 'intent'; intent: Intent }
  | { t: 'session'; session: Session }
  | { t: 'customer'; id: string; metadata: Meta }
  | { t: 'method'; method: Method }
  | { t: 'refund'; refund: Refund }
  | { t: 'dispute'; dispute: Dispute }
  | { t: 'kept'; kept: KeptAnswer }
  | { t: 'rules'; rules: ProviderRule[] }
  | { t: 'damage'; date: string; damages: Damage[] }
  | { t: 'date'; date: string };

/** All that Stripe knows: a replayable log. Each event carries the whole new state of one thing. */
export class StripeBook {
  readonly intents = new Map<string, Intent>();
  readonly sessions = new Map<string, Session>();
  readonly customers = new Map<string, Meta>();
  readonly methods = new Map<string, Method>();
  readonly refunds = new Map<string, Refund>();
  readonly disputes = new Map<string, Dispute>();
  readonly kept = new Map<string, KeptAnswer>();
  readonly damages = new Map<string, Damage[]>();
  rules: ProviderRule[] = [];
  /** The accounting date it is in. */
  date: string;
  private events = 0;

  constructor(
    private readonly log: NdjsonLog<StripeEvent>,
    firstDate: string,
    private readonly seed: string,
  ) {
    this.date = firstDate;
    log.replay((event) => this.apply(event));
  }

  put(event: StripeEvent): void {
    this.log.append(event);
    this.apply(event);
  }

  /** `pi_…`: follows from the seed and from what happened so far, so that a played day has the same ids each time. */
  nextId(head: string): string {
    return `${head}_${this.token(`${head} ${this.events}`).slice(0, 24)}`;
  }

  token(what: string): string {
    return createHmac('sha256', this.seed).update(what).digest('hex').slice(0, 32);
  }

  /** Now, on the accounting date: a played day need not be today. */
  moment(): Moment {
    const now = Date.now();
    const sinceMidnight = Math.floor((now + 8 * 3_600_000) / 1_000) % 86_400;
    const created = Date.parse(`${this.date}T00:00:00+08:00`) / 1_000 + sinceMidnight;
    return { date: this.date, created, arrived: Math.floor(now / 1_000) };
  }

  private apply(event: StripeEvent): void {
    this.events += 1;
    switch (event.t) {
      case 'intent':
        return void this.intents.set(event.intent.id, event.intent);
      case 'session':
        return void this.sessions.set(event.session.id, event.session);
      case 'customer':
        return void this.customers.set(event.id, event.metadata);
      case 'method':
        return void this.methods.set(event.method.id, event.method);
      case 'refund':
        return void this.refunds.set(event.refund.id, event.refund);
      case 'dispute':
        return void this.disputes.set(event.dispute.id, event.dispute);
      case 'kept':
        return void this.kept.set(event.kept.key, event.kept);
      case 'rules':
        this.rules = event.rules;
        return;
      case 'damage':
        return void this.damages.set(event.date, event.damages);
      case 'date':
        this.date = event.date;
    }
  }
}

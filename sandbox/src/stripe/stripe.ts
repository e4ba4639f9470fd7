import { join } from 'node:path';
import { dayAfter } from '../bank/statement-source';
import { NdjsonLog } from '../journal/ndjson-log';
import type { PlatformAddress } from '../wire/signed-client';
import { StripeAccounts } from './stripe-accounts';
import { StripeBook, type Intent } from './stripe-book';
import { stripeCourier, type StripeCourier } from './stripe-courier';
import { StripeIntents } from './stripe-intents';
import { StripeKeys } from './stripe-keys';
import { StripeRefunds } from './stripe-refunds';
import { StripeReports } from './stripe-reports';
import { StripeSessions } from './stripe-sessions';
import { StripeSettler } from './stripe-settler';

export interface StripePlaces {
  dir: string;
  seed: string;
  firstDate: string;
  platform: PlatformAddress;
  /** Where browsers and the platform reach this process. */
  sandboxUrl: string;
}

export const STRIPE_PREFIX = '/providers/stripe';

/** One Stripe with one account: payments, pages, refunds, reports, its accounting day. */
export class StripeWorld {
  readonly keys: StripeKeys;
  readonly book: StripeBook;
  readonly courier: StripeCourier;
  readonly intents: StripeIntents;
  readonly sessions: StripeSessions;
  readonly accounts: StripeAccounts;
  readonly refunds: StripeRefunds;
  readonly reports: StripeReports;
  private readonly settler: StripeSettler;
  private readonly logs: { close(): void }[] = [];

  constructor({ dir, seed, firstDate, platform, sandboxUrl }: StripePlaces) {
    this.keys = StripeKeys.open(join(dir, 'stripe.keys.json'), seed);
    this.book = new StripeBook(this.log(dir, 'stripe'), firstDate, seed);
    this.courier = stripeCourier(this.log(dir, 'stripe.events'), platform, '/callbacks/stripe', this.keys);
    this.settler = new StripeSettler(this.book, this.courier);
    this.intents = new StripeIntents(this.book, this.settler);
    this.sessions = new StripeSessions(this.book, this.settler, this.courier, `${sandboxUrl}${STRIPE_PREFIX}/pages`);
    this.accounts = new StripeAccounts(this.book, this.courier);
    this.refunds = new StripeRefunds(this.book, this.courier);
    this.reports = new StripeReports(this.book);
  }

  /** Cut-off: what happens from now on belongs to the day after. A date that is over is left alone. */
  cut(date: string): void {
    if (date === this.book.date) this.book.put({ t: 'date', date: dayAfter(date) });
  }

  /** The payment of an order of the platform. */
  ofOrder(orderNo: string): Intent | undefined {
    return [...this.book.intents.values()].findLast((intent) => intent.metadata['order_no'] === orderNo);
  }

  stop(): void {
    this.settler.stop();
    this.refunds.stop();
    this.courier.stop();
    for (const log of this.logs) log.close();
  }

  private log<E>(dir: string, name: string): NdjsonLog<E> {
    const log = new NdjsonLog<E>(join(dir, `${name}.ndjson`));
    this.logs.push(log);
    return log;
  }
}

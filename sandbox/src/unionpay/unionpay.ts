import { join } from 'node:path';
import { dayAfter } from '../bank/statement-source';
import { NdjsonLog } from '../journal/ndjson-log';
import type { PlatformAddress } from '../wire/signed-client';
import { UnionPayBindings } from './unionpay-bindings';
import { UnionPayBook } from './unionpay-book';
import { unionPayCourier, type UnionPayCourier } from './unionpay-courier';
import { UnionPayKeys } from './unionpay-keys';
import { UnionPayOrders } from './unionpay-orders';
import { UnionPayRefunds } from './unionpay-refunds';
import { UnionPaySettler } from './unionpay-settler';

export interface UnionPayPlaces {
  dir: string;
  seed: string;
  firstDate: string;
  platform: PlatformAddress;
  /** Where browsers and the platform reach this process. */
  sandboxUrl: string;
}

export const UNIONPAY_PREFIX = '/providers/unionpay';

/** One UnionPay with one merchant: orders, bindings, refunds, its accounting day. */
export class UnionPay {
  readonly keys: UnionPayKeys;
  readonly book: UnionPayBook;
  readonly courier: UnionPayCourier;
  readonly orders: UnionPayOrders;
  readonly refunds: UnionPayRefunds;
  readonly bindings: UnionPayBindings;
  private readonly settler: UnionPaySettler;
  private readonly logs: { close(): void }[] = [];

  constructor({ dir, seed, firstDate, platform, sandboxUrl }: UnionPayPlaces) {
    this.keys = UnionPayKeys.open(join(dir, 'unionpay.keys.json'), seed);
    const { merId } = this.keys;
    this.book = new UnionPayBook(this.log(dir, 'unionpay'), firstDate, seed);
    this.courier = unionPayCourier(this.log(dir, 'unionpay.notices'), platform, this.keys);
    this.settler = new UnionPaySettler(this.book, this.courier, merId);
    this.orders = new UnionPayOrders(this.book, this.settler, `${sandboxUrl}${UNIONPAY_PREFIX}/pages`);
    this.refunds = new UnionPayRefunds(this.book, this.orders);
    this.bindings = new UnionPayBindings(this.book, this.courier, merId);
  }

  /** Cut-off: what happens from now on belongs to the day after. A date that is over is left alone. */
  cut(date: string): void {
    if (date === this.book.date) this.book.put({ t: 'date', date: dayAfter(date) });
  }

  stop(): void {
    this.settler.stop();
    this.courier.stop();
    for (const log of this.logs) log.close();
  }

  private log<E>(dir: string, name: string): NdjsonLog<E> {
    const log = new NdjsonLog<E>(join(dir, `${name}.ndjson`));
    this.logs.push(log);
    return log;
  }
}

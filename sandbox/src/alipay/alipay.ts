import { join } from 'node:path';
import { dayAfter } from '../bank/statement-source';
import { NdjsonLog } from '../journal/ndjson-log';
import type { PlatformAddress } from '../wire/signed-client';
import { AlipayAgreements } from './alipay-agreements';
import { AlipayBills } from './alipay-bills';
import { AlipayBook } from './alipay-book';
import { alipayCourier, type AlipayCourier } from './alipay-courier';
import { AlipayDebits } from './alipay-debits';
import { AlipayKeysFile } from './alipay-keys';
import { AlipayOrders } from './alipay-orders';
import { AlipayRefunds } from './alipay-refunds';
import { AlipaySettler } from './alipay-settler';

export interface AlipayPlaces {
  dir: string;
  seed: string;
  firstDate: string;
  platform: PlatformAddress;
  /** Where browsers and the platform reach this process. */
  sandboxUrl: string;
}

export const ALIPAY_PREFIX = '/providers/alipay';

/** One Alipay with one app: orders, agreements, refunds, its accounting day. */
export class Alipay {
  readonly keys: AlipayKeysFile;
  readonly book: AlipayBook;
  readonly courier: AlipayCourier;
  readonly orders: AlipayOrders;
  readonly debits: AlipayDebits;
  readonly refunds: AlipayRefunds;
  readonly agreements: AlipayAgreements;
  readonly bills: AlipayBills;
  private readonly settler: AlipaySettler;
  private readonly logs: { close(): void }[] = [];

  constructor({ dir, seed, firstDate, platform, sandboxUrl }: AlipayPlaces) {
    const own = sandboxUrl + ALIPAY_PREFIX;
    this.keys = AlipayKeysFile.open(join(dir, 'alipay.keys.json'), seed);
    this.book = new AlipayBook(this.log(dir, 'alipay'), firstDate, seed);
    this.courier = alipayCourier(this.log(dir, 'alipay.notices'), platform, this.keys);
    this.settler = new AlipaySettler(this.book, this.courier);
    this.orders = new AlipayOrders(this.book, this.settler, `${own}/pages`);
    this.debits = new AlipayDebits(this.book, this.settler);
    this.refunds = new AlipayRefunds(this.book, this.settler);
    this.agreements = new AlipayAgreements(this.book, this.courier, `${own}/pages`);
    this.bills = new AlipayBills(this.book, this.keys.sellerId, own);
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

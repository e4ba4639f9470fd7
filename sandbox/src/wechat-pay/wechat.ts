import { join } from 'node:path';
import { dayAfter } from '../bank/statement-source';
import { NdjsonLog } from '../journal/ndjson-log';
import type { PlatformAddress } from '../wire/signed-client';
import { WechatBills } from './wechat-bills';
import { WechatBook } from './wechat-book';
import { WechatContracts } from './wechat-contracts';
import { wechatCourier, type WechatCourier } from './wechat-courier';
import { WechatDeductions } from './wechat-deductions';
import { WechatKeys } from './wechat-keys';
import { WechatOrders } from './wechat-orders';
import { WechatRefunds } from './wechat-refunds';
import { WechatSettler } from './wechat-settler';

export interface WechatPlaces {
  dir: string;
  seed: string;
  firstDate: string;
  platform: PlatformAddress;
  /** Where browsers and the platform reach this process. */
  sandboxUrl: string;
}

export const WECHAT_PREFIX = '/providers/wechat_pay';

/** One WeChat Pay with one merchant: orders, contracts, refunds, its accounting day. */
export class Wechat {
  readonly keys: WechatKeys;
  readonly book: WechatBook;
  readonly courier: WechatCourier;
  readonly orders: WechatOrders;
  readonly deductions: WechatDeductions;
  readonly contracts: WechatContracts;
  readonly refunds: WechatRefunds;
  readonly bills: WechatBills;
  private readonly settler: WechatSettler;
  private readonly logs: { close(): void }[] = [];

  constructor({ dir, seed, firstDate, platform, sandboxUrl }: WechatPlaces) {
    this.keys = WechatKeys.open(join(dir, 'wechat_pay.keys.json'), seed);
    const { mchid } = this.keys.merchant;
    const pages = `${sandboxUrl}${WECHAT_PREFIX}/pages`;
    this.book = new WechatBook(this.log(dir, 'wechat_pay'), firstDate, seed);
    this.courier = wechatCourier(this.log(dir, 'wechat_pay.notices'), platform, this.keys);
    this.settler = new WechatSettler(this.book, this.courier, mchid);
    this.orders = new WechatOrders(this.book, this.settler, mchid, pages);
    this.deductions = new WechatDeductions(this.book, this.settler);
    this.contracts = new WechatContracts(this.book, this.courier, mchid, pages);
    this.refunds = new WechatRefunds(this.book, this.courier, mchid);
    this.bills = new WechatBills(this.book, { mchid, appid: this.keys.appid });
  }

  /** Cut-off: what happens from now on belongs to the day after. A date that is over is left alone. */
  cut(date: string): void {
    if (date === this.book.date) this.book.put({ t: 'date', date: dayAfter(date) });
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

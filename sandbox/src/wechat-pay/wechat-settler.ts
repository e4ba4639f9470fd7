import { behaviour, type Behaviour } from '../bank/behaviour';
import type { WechatBook, WechatOrder } from './wechat-book';
import type { WechatCourier } from './wechat-courier';
import { orderBody } from './wechat-words';

/** In WeChat Pay's words: the platform reads the reason from them. */
const WHY: Readonly<Record<string, string>> = { insufficient_funds: '余额不足', limit: '超出支付限额' };

/** Between accepting a deduction and carrying it out, where nothing else is wished. */
const SOON_MS = 50;

/** Brings orders to their effect when their time has come, whether or not the process lived through it. */
export class WechatSettler {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly book: WechatBook,
    private readonly courier: WechatCourier,
    private readonly mchid: string,
  ) {
    for (const order of book.orders.values()) if (order.state === 'ACCEPT') this.schedule(order);
  }

  /** A deduction has been accepted. */
  accepted(order: WechatOrder): void {
    if (behaviour(order.behaviour).forgedCallback) {
      this.courier.sendForged(this.notice({ ...order, state: 'SUCCESS', ...this.book.moment() }, 'FORGED', 1));
    }
    this.schedule(order);
  }

  /** Takes the money of an order now, whatever was said about it before (a late payment after a close). */
  succeed(order: WechatOrder, copies: number): void {
    this.finish({ ...order, state: 'SUCCESS' }, copies);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  static settlesAt(chosen: Behaviour): number {
    return Date.now() + (chosen.settlesAfterMs ?? SOON_MS);
  }

  private schedule(order: WechatOrder): void {
    const wait = Math.max(0, (order.settlesAt ?? 0) - Date.now());
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      const chosen = behaviour(order.behaviour);
      const told = chosen.silentQueries === undefined && chosen.answer !== 'hang' && chosen.answer !== 'wrong_amount';
      const copies = told ? Math.max(1, chosen.callbacks) : chosen.callbacks;
      if (chosen.effect === 'take') return this.finish({ ...order, state: 'SUCCESS' }, copies);
      const why = WHY[chosen.reason ?? ''] ?? '支付失败';
      this.finish({ ...order, state: 'PAYERROR', why }, copies);
    }, wait);
    this.timers.add(timer);
  }

  private finish(order: WechatOrder, copies: number): void {
    const { settlesAt: _done, ...rest } = order;
    const finished: WechatOrder = { ...rest, ...this.book.moment() };
    this.book.put({ t: 'order', order: finished });
    if (copies > 0) this.courier.send(this.notice(finished, 'EV', copies));
  }

  private notice(order: WechatOrder, head: string, copies: number): Parameters<WechatCourier['send']>[0] {
    const paid = order.state === 'SUCCESS';
    return {
      id: `${head}-${order.no}-${order.state}`,
      type: paid ? 'TRANSACTION.SUCCESS' : 'TRANSACTION.FAIL',
      resource: orderBody(this.mchid, order),
      kind: 'transaction',
      url: order.notifyUrl,
      copies,
    };
  }
}

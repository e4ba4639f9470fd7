import { behaviour } from '../bank/behaviour';
import type { AlipayBook, AlipayOrder, AlipayRefund } from './alipay-book';
import type { AlipayCourier, Notice } from './alipay-courier';
import { orderFields } from './alipay-words';

/** Brings orders and refunds to their effect when their time has come, whether or not the process lived through it. */
export class AlipaySettler {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly book: AlipayBook,
    private readonly courier: AlipayCourier,
  ) {
    for (const order of book.orders.values()) if (order.settlesAt !== undefined) this.schedule(order);
    for (const refund of book.refunds.values()) if (refund.settlesAt !== undefined) this.scheduleRefund(refund);
  }

  /** A debit has come; what is still under way is brought to its end later. */
  arrived(order: AlipayOrder): void {
    const chosen = behaviour(order.behaviour);
    if (chosen.forgedCallback) {
      const lie: AlipayOrder = { ...order, ...this.book.moment(), status: 'TRADE_SUCCESS', paid: true };
      this.courier.sendForged(this.notice(lie, 1));
    }
    if (order.settlesAt !== undefined) this.schedule(order);
    else if (order.paid && chosen.callbacks > 0) this.courier.send(this.notice(order, chosen.callbacks));
  }

  /** Takes the money of an order now, whatever was said about it before (a late payment after a close). */
  succeed(order: AlipayOrder, copies: number): void {
    this.finish({ ...order, status: 'TRADE_SUCCESS', paid: true }, copies);
  }

  scheduleRefund(refund: AlipayRefund): void {
    this.after(refund.settlesAt, () => {
      const { settlesAt: _done, ...rest } = refund;
      const finished: AlipayRefund = { ...rest, status: 'REFUND_SUCCESS' };
      this.book.put({ t: 'refund', refund: finished });
      this.tellRefund(finished);
    });
  }

  tellRefund(refund: AlipayRefund): void {
    const order = this.book.orders.get(refund.orderNo);
    if (order) this.courier.send(this.notice(order, 1, refund));
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private schedule(order: AlipayOrder): void {
    this.after(order.settlesAt, () => {
      const chosen = behaviour(order.behaviour);
      if (chosen.effect === 'take') return this.succeed(order, chosen.callbacks);
      this.finish({ ...order, status: 'TRADE_CLOSED' }, chosen.callbacks);
    });
  }

  private after(at: number | undefined, act: () => void): void {
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        act();
      },
      Math.max(0, (at ?? 0) - Date.now()),
    );
    this.timers.add(timer);
  }

  private finish(order: AlipayOrder, copies: number): void {
    const { settlesAt: _done, ...rest } = order;
    const finished: AlipayOrder = { ...rest, ...this.book.moment() };
    this.book.put({ t: 'order', order: finished });
    if (copies > 0) this.courier.send(this.notice(finished, copies));
  }

  private notice(order: AlipayOrder, copies: number, refund?: AlipayRefund): Notice {
    const id = this.book.token(`notice ${order.no} ${refund?.no ?? order.status}`);
    return { id, fields: orderFields(order, this.book, refund), url: order.notifyUrl, copies, keepsSignType: false };
  }
}

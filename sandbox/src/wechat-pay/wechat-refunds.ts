import { behaviour, type Behaviour } from '../bank/behaviour';
import { takeRule } from '../bank/faults';
import { reply, type Reply } from '../bank/order-answer';
import type { WechatBook, WechatOrder, WechatRefund } from './wechat-book';
import type { WechatCourier } from './wechat-courier';
import type { RefundRequest } from './wechat-wire';
import { error, refundBody, refundNotice } from './wechat-words';

/** Money back to the payer. One refund number is one refund; the sum never passes what was taken. */
export class WechatRefunds {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly book: WechatBook,
    private readonly courier: WechatCourier,
    private readonly mchid: string,
  ) {
    for (const refund of book.refunds.values()) if (refund.status === 'PROCESSING') this.schedule(refund);
  }

  give(request: RefundRequest): Reply {
    const { out_refund_no: no, out_trade_no: orderNo, amount, notify_url = '' } = request;
    const order = this.book.orders.get(orderNo);
    const known = this.book.refunds.get(no);
    if (!order || order.state === 'NONE') return error(404, 'RESOURCE_NOT_EXISTS');
    if (known) {
      const same = known.amount === String(amount.refund) && known.orderNo === orderNo;
      return same ? reply(refundBody(known, order)) : error(400, 'INVALID_REQUEST');
    }
    if (String(amount.total) !== order.amount || !this.fits(order, BigInt(amount.refund)))
      return error(400, 'INVALID_REQUEST');
    const rule = takeRule(this.book, 'refund', { agreementRef: orderNo, amount: BigInt(amount.refund) });
    const chosen = behaviour(rule?.behaviour ?? 'succeed');
    if (chosen.effect === 'refuse') return error(403, 'NOT_ENOUGH');
    if (chosen.effect === 'none') return firstAnswer(chosen, {});
    const refund = this.put(no, order, BigInt(amount.refund), notify_url, chosen.settlesAfterMs);
    return firstAnswer(chosen, refundBody(refund, order));
  }

  query(no: string): Reply {
    const refund = this.book.refunds.get(no);
    const order = refund && this.book.orders.get(refund.orderNo);
    return refund && order ? reply(refundBody(refund, order)) : error(404, 'RESOURCE_NOT_EXISTS');
  }

  /** Somebody gives money back at the merchant platform: the platform learns of it by the bill only. */
  byHand(orderNo: string, amount: bigint): WechatRefund | null {
    const order = this.book.orders.get(orderNo);
    if (!order || !this.fits(order, amount)) return null;
    return this.put(`BACK${orderNo}${this.book.refunds.size}`.slice(0, 64), order, amount, '', undefined);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private fits(order: WechatOrder, amount: bigint): boolean {
    if (order.state !== 'SUCCESS' && order.state !== 'REFUND') return false;
    const given = [...this.book.refunds.values()]
      .filter((refund) => refund.orderNo === order.no && refund.status !== 'CLOSED')
      .reduce((total, refund) => total + BigInt(refund.amount), 0n);
    return given + amount <= BigInt(order.amount);
  }

  private put(no: string, order: WechatOrder, amount: bigint, notifyUrl: string, afterMs?: number): WechatRefund {
    const refund: WechatRefund = {
      no,
      orderNo: order.no,
      amount: amount.toString(),
      status: afterMs === undefined ? 'SUCCESS' : 'PROCESSING',
      id: this.book.nextId('5030100945'),
      notifyUrl,
      ...this.book.moment(),
      ...(afterMs === undefined ? {} : { settlesAt: Date.now() + afterMs }),
    };
    this.book.put({ t: 'refund', refund });
    this.book.put({ t: 'order', order: { ...order, state: 'REFUND' } });
    if (afterMs === undefined) this.tell(refund);
    else this.schedule(refund);
    return refund;
  }

  private schedule(refund: WechatRefund): void {
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        const { settlesAt: _done, ...rest } = refund;
        const done: WechatRefund = { ...rest, status: 'SUCCESS' };
        this.book.put({ t: 'refund', refund: done });
        this.tell(done);
      },
      Math.max(0, (refund.settlesAt ?? 0) - Date.now()),
    );
    this.timers.add(timer);
  }

  private tell(refund: WechatRefund): void {
    const order = this.book.orders.get(refund.orderNo);
    if (!order || refund.notifyUrl === '') return;
    this.courier.send({
      id: `EV-${refund.id}-${refund.status}`,
      type: `REFUND.${refund.status}`,
      resource: refundNotice(this.mchid, refund, order),
      kind: 'refund',
      url: refund.notifyUrl,
      copies: 1,
    });
  }
}

function firstAnswer({ answer, slowMs = 0 }: Behaviour, body: object): Reply {
  if (answer === 'error') return error(500, 'SYSTEM_ERROR', { delayMs: slowMs });
  if (answer === 'cut' || answer === 'hang') return reply({}, { delivery: answer, delayMs: slowMs });
  return reply(body, { delayMs: slowMs });
}

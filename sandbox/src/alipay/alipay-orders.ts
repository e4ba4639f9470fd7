import { instant } from '@yidian/connectors/alipay/words';
import { behaviour, behaviourByFen } from '../bank/behaviour';
import { reply, type Reply } from '../bank/order-answer';
import type { AlipayBook, AlipayOrder, OrderKind } from './alipay-book';
import type { OrderRequest } from './alipay-requests';
import type { AlipaySettler } from './alipay-settler';
import { done, numbers, orderNode, refused } from './alipay-words';

/** How long after a close the payer of a `…06` order pays all the same. */
const LATE_MS = 10_000;

export interface Addresses {
  notifyUrl: string;
  returnUrl: string;
}

/** Orders that the payer pays on a page, by a code or in an app; and questions about every kind of order. */
export class AlipayOrders {
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly book: AlipayBook,
    private readonly settler: AlipaySettler,
    private readonly pagesUrl: string,
  ) {}

  /** A code is asked for: the order is there from now on. */
  precreate(request: OrderRequest, addresses: Addresses): Reply {
    const order = this.open('qr', request, addresses);
    if (typeof order === 'string') return refused(order);
    return done({ out_trade_no: order.no, qr_code: this.pageOf(order) });
  }

  /** The payer comes with a signed order. @returns the order, or why it is none */
  open(kind: OrderKind, request: OrderRequest, addresses: Addresses): AlipayOrder | string {
    const known = this.book.orders.get(request.out_trade_no);
    if (!known) return this.newOrder(kind, request, addresses);
    if (known.amount !== request.total_amount.toString()) return 'ACQ.CONTEXT_INCONSISTENT';
    if (known.paid) return 'ACQ.TRADE_HAS_SUCCESS';
    return known.status === 'TRADE_CLOSED' ? 'ACQ.TRADE_HAS_CLOSE' : known;
  }

  pageOf(order: AlipayOrder): string {
    return `${this.pagesUrl}/pay/${order.token}`;
  }

  query(no: string): Reply {
    const order = this.book.orders.get(no);
    if (!order) return refused('ACQ.TRADE_NOT_EXIST');
    const chosen = behaviour(order.behaviour);
    const times = (this.asked.get(no) ?? 0) + 1;
    this.asked.set(no, times);
    if (times <= (chosen.silentQueries ?? 0)) return reply({}, { delivery: 'cut' });
    const hidden = order.status === 'NONE' || (order.settlesAt !== undefined && chosen.hidden);
    return hidden ? refused('ACQ.TRADE_NOT_EXIST') : done(orderNode(order));
  }

  close(no: string): Reply {
    const order = this.book.orders.get(no);
    if (!order || order.status === 'NONE') return refused('ACQ.TRADE_NOT_EXIST');
    if (order.status !== 'WAIT_BUYER_PAY') return refused('ACQ.TRADE_STATUS_ERROR');
    const closed: AlipayOrder = { ...order, status: 'TRADE_CLOSED' };
    this.book.put({ t: 'order', order: closed });
    if (order.behaviour === 'late') setTimeout(() => this.settler.succeed(closed, 1), LATE_MS).unref();
    return done(numbers(order));
  }

  /** The payer presses "pay" on the page; false when the order can no longer be paid. */
  pay(order: AlipayOrder): boolean {
    const expired = order.expiresAt !== 0 && order.expiresAt < Date.now();
    if (order.status !== 'WAIT_BUYER_PAY' || expired) return false;
    this.settler.succeed(order, Math.max(1, behaviour(order.behaviour).callbacks));
    return true;
  }

  private newOrder(kind: OrderKind, request: OrderRequest, addresses: Addresses): AlipayOrder {
    const { out_trade_no: no, total_amount: amount, subject, time_expire = '' } = request;
    const moment = this.book.moment();
    const order: AlipayOrder = {
      ...{ no, kind, subject, ...addresses, ...moment },
      agreementNo: '',
      amount: amount.toString(),
      status: 'WAIT_BUYER_PAY',
      paid: false,
      behaviour: behaviourByFen(amount),
      tradeNo: this.book.nextTradeNo(),
      createdAt: moment.at,
      token: this.book.token(`order ${no}`),
      expiresAt: instant(time_expire)?.getTime() ?? 0,
    };
    this.book.put({ t: 'order', order });
    return order;
  }
}

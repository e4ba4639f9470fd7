import { behaviour, behaviourByFen } from '../bank/behaviour';
import { reply, type Reply } from '../bank/order-answer';
import type { OrderKind, WechatBook, WechatOrder } from './wechat-book';
import type { WechatSettler } from './wechat-settler';
import type { OrderRequest } from './wechat-wire';
import { error, orderBody } from './wechat-words';

type PageKind = Exclude<OrderKind, 'pap'>;

/** How long after a close the payer of a `…06` order pays all the same. */
const LATE_MS = 10_000;

/** Orders that the payer pays on a page, by a code or in an app; and questions about every kind of order. */
export class WechatOrders {
  private readonly asked = new Map<string, number>();
  /** Orders whose sum has been told wrongly once. */
  private readonly mistold = new Set<string>();

  constructor(
    private readonly book: WechatBook,
    private readonly settler: WechatSettler,
    private readonly mchid: string,
    private readonly pagesUrl: string,
  ) {}

  open(kind: PageKind, request: OrderRequest): Reply {
    const known = this.book.orders.get(request.out_trade_no);
    const total = String(request.amount.total);
    if (known && (known.amount !== total || known.kind !== kind)) return error(400, 'OUT_TRADE_NO_USED');
    if (known?.state === 'SUCCESS' || known?.state === 'REFUND') return error(400, 'ORDERPAID');
    if (known?.state === 'CLOSED') return error(400, 'ORDER_CLOSED');
    const order = known ?? this.newOrder(kind, request);
    const page = `${this.pagesUrl}/pay/${order.token}`;
    if (kind === 'native') return reply({ code_url: page });
    return reply(kind === 'h5' ? { h5_url: page } : { prepay_id: order.token });
  }

  query(no: string): Reply {
    const order = this.book.orders.get(no);
    if (!order) return error(404, 'ORDER_NOT_EXIST');
    const chosen = behaviour(order.behaviour);
    const times = (this.asked.get(no) ?? 0) + 1;
    this.asked.set(no, times);
    if (times <= (chosen.silentQueries ?? 0)) return reply({}, { delivery: 'cut' });
    if (order.state === 'NONE' || (order.state === 'ACCEPT' && chosen.hidden)) return error(404, 'ORDER_NOT_EXIST');
    const wrong = chosen.answer === 'wrong_amount' && order.state === 'SUCCESS' && !this.mistold.has(no);
    if (wrong) this.mistold.add(no);
    const amount = wrong ? (BigInt(order.amount) + 100n).toString() : order.amount;
    return reply(orderBody(this.mchid, { ...order, amount }));
  }

  close(no: string): Reply {
    const order = this.book.orders.get(no);
    if (!order || order.state === 'NONE') return error(404, 'ORDER_NOT_EXIST');
    if (order.state === 'CLOSED') return reply({}, { status: 204 });
    if (order.state !== 'NOTPAY') return error(400, order.state === 'ACCEPT' ? 'INVALID_REQUEST' : 'ORDERPAID');
    const closed: WechatOrder = { ...order, state: 'CLOSED' };
    this.book.put({ t: 'order', order: closed });
    if (order.behaviour === 'late') setTimeout(() => this.settler.succeed(closed, 1), LATE_MS).unref();
    return reply({}, { status: 204 });
  }

  find(token: string): WechatOrder | undefined {
    return [...this.book.orders.values()].find((order) => order.kind !== 'pap' && order.token === token);
  }

  /** The payer presses "pay" on the page; false when the order can no longer be paid. */
  pay(order: WechatOrder): boolean {
    const expired = order.expiresAt !== undefined && Date.parse(order.expiresAt) < Date.now();
    if (order.state !== 'NOTPAY' || expired) return false;
    this.settler.succeed(order, Math.max(1, behaviour(order.behaviour).callbacks));
    return true;
  }

  private newOrder(kind: PageKind, request: OrderRequest): WechatOrder {
    const { out_trade_no: no, amount, description, notify_url, time_expire } = request;
    const order: WechatOrder = {
      no,
      kind,
      contractId: '',
      amount: String(amount.total),
      state: 'NOTPAY',
      behaviour: behaviourByFen(BigInt(amount.total)),
      transactionId: this.book.nextId('4200002345'),
      note: description,
      notifyUrl: notify_url,
      ...this.book.moment(),
      token: `wx${this.book.token(no)}`,
      ...(time_expire === undefined ? {} : { expiresAt: time_expire }),
    };
    this.book.put({ t: 'order', order });
    return order;
  }
}

import { randomBytes } from 'node:crypto';
import type { BankBook, Order } from './bank-book';
import type { CashierRequest } from './bank-wire';
import { behaviour, behaviourByFen } from './behaviour';
import { orderBody, refusal, reply, type Reply } from './order-answer';
import type { Settler } from './settler';

/** How long after a close the payer of a `…06` order pays all the same. */
const LATE_MS = 10_000;

/** Payments that the payer makes on the bank's own page. */
export class Cashiers {
  constructor(
    private readonly book: BankBook,
    private readonly settler: Settler,
    private readonly pagesUrl: string,
  ) {}

  open(request: CashierRequest): Reply {
    const known = this.book.orders.get(request.attempt_no);
    if (known && known.amount !== String(request.amount)) return refusal(409, 'order_conflict');
    const order = known ?? this.newOrder(request);
    if (!order.cashier) return refusal(409, 'order_conflict');
    const { token, expiresAt } = order.cashier;
    const { attemptNo } = order;
    return reply({ attempt_no: attemptNo, pay_url: `${this.pagesUrl}/pay/${token}`, expires_at: expiresAt });
  }

  close(attemptNo: string): Reply {
    const order = this.book.orders.get(attemptNo);
    if (!order) return reply({ attempt_no: attemptNo, status: 'not_found' });
    if (order.status !== 'pending') return reply(orderBody(order));
    const closed: Order = { ...order, status: 'closed' };
    this.book.saveOrder(closed);
    if (order.behaviour === 'late') setTimeout(() => this.settler.succeed(closed, 1), LATE_MS).unref();
    return reply(orderBody(closed));
  }

  find(token: string): Order | undefined {
    return [...this.book.orders.values()].find((order) => order.cashier?.token === token);
  }

  /** The payer presses "pay" or "no" on the page; false when the order can no longer be paid. */
  answer(order: Order, pays: boolean): boolean {
    const expired = order.cashier !== undefined && Date.parse(order.cashier.expiresAt) < Date.now();
    if (order.status !== 'pending' || expired) return false;
    if (!pays) return true;
    this.settler.succeed(order, Math.max(1, behaviour(order.behaviour).callbacks));
    return true;
  }

  private newOrder(request: CashierRequest): Order {
    const expiresAt = new Date(Date.now() + request.expires_in * 1000).toISOString();
    const order: Order = {
      attemptNo: request.attempt_no,
      kind: 'cashier',
      agreementRef: '',
      amount: String(request.amount),
      status: 'pending',
      behaviour: behaviourByFen(BigInt(request.amount)),
      txnId: this.book.nextTxnId(),
      date: this.book.date,
      at: new Date().toISOString(),
      cashier: { token: randomBytes(16).toString('base64url'), returnUrl: request.return_url, expiresAt },
    };
    this.book.saveOrder(order);
    return order;
  }
}

import { behaviour, type Behaviour } from '../bank/behaviour';
import { takeRule } from '../bank/faults';
import { reply, type Reply } from '../bank/order-answer';
import type { AlipayBook, AlipayOrder, AlipayRefund } from './alipay-book';
import type { RefundRequest } from './alipay-requests';
import type { AlipaySettler } from './alipay-settler';
import { done, ill, numbers, refundNode, refused, yuan } from './alipay-words';

/** Money back to the payer. One refund number is one refund; the sum never passes what was taken. */
export class AlipayRefunds {
  constructor(
    private readonly book: AlipayBook,
    private readonly settler: AlipaySettler,
  ) {}

  give(request: RefundRequest): Reply {
    const { out_trade_no: orderNo, out_request_no: no, refund_amount: amount } = request;
    const order = this.book.orders.get(orderNo);
    if (!order || order.status === 'NONE') return refused('ACQ.TRADE_NOT_EXIST');
    const known = this.book.refunds.get(no);
    if (known) {
      const same = known.amount === amount.toString() && known.orderNo === orderNo;
      return same ? this.answer(order, 'N') : refused('ACQ.DISCORDANT_REPEAT_REQUEST');
    }
    if (!order.paid) return refused('ACQ.TRADE_STATUS_ERROR');
    if (!this.fits(order, amount)) return refused('ACQ.REASON_TRADE_REFUND_FEE_ERR');
    const rule = takeRule(this.book, 'refund', { agreementRef: orderNo, amount });
    const chosen = behaviour(rule?.behaviour ?? 'succeed');
    if (chosen.effect === 'refuse') return refused('ACQ.SELLER_BALANCE_NOT_ENOUGH');
    if (chosen.effect === 'take') this.put(no, order, amount, chosen.settlesAfterMs);
    return firstAnswer(chosen, this.answer(order, 'Y'));
  }

  /** Nothing but a success of the question where there is no such refund. */
  query(orderNo: string, no: string): Reply {
    const refund = this.book.refunds.get(no);
    const order = this.book.orders.get(orderNo);
    if (!order || order.status === 'NONE') return refused('ACQ.TRADE_NOT_EXIST');
    return refund?.orderNo === orderNo ? done(refundNode(refund, order)) : done();
  }

  /** The whole order, paid or not; its refund goes by the order's own number. */
  cancel(orderNo: string): Reply {
    const order = this.book.orders.get(orderNo);
    if (!order || order.status === 'NONE') return refused('ACQ.TRADE_NOT_EXIST');
    const rest = order.paid ? BigInt(order.amount) - this.book.givenBack(orderNo) : 0n;
    if (rest > 0n) this.put(orderNo, order, rest);
    else this.book.put({ t: 'order', order: { ...order, status: 'TRADE_CLOSED' } });
    return done({ ...numbers(order), retry_flag: 'N', action: order.paid ? 'refund' : 'close' });
  }

  /** Somebody gives money back at Alipay's own pages: the number is none of ours. */
  byHand(orderNo: string, amount: bigint): AlipayRefund | null {
    const order = this.book.orders.get(orderNo);
    if (!order?.paid || !this.fits(order, amount)) return null;
    return this.put(this.book.token(`by hand ${orderNo} ${this.book.refunds.size}`), order, amount);
  }

  private fits(order: AlipayOrder, amount: bigint): boolean {
    return this.book.givenBack(order.no) + amount <= BigInt(order.amount);
  }

  private put(no: string, order: AlipayOrder, amount: bigint, afterMs?: number): AlipayRefund {
    const refund: AlipayRefund = {
      no,
      orderNo: order.no,
      amount: amount.toString(),
      status: afterMs === undefined ? 'REFUND_SUCCESS' : 'REFUND_PROCESSING',
      ...this.book.moment(),
      ...(afterMs === undefined ? {} : { settlesAt: Date.now() + afterMs }),
    };
    this.book.put({ t: 'refund', refund });
    const whole = this.book.givenBack(order.no) === BigInt(order.amount);
    if (whole) this.book.put({ t: 'order', order: { ...order, status: 'TRADE_CLOSED' } });
    if (afterMs === undefined) this.settler.tellRefund(refund);
    else this.settler.scheduleRefund(refund);
    return refund;
  }

  /** The sum is what went back under the whole order so far. */
  private answer(order: AlipayOrder, changed: 'Y' | 'N'): Reply {
    return done({ ...numbers(order), fund_change: changed, refund_fee: yuan(this.book.givenBack(order.no)) });
  }
}

function firstAnswer({ answer, slowMs = 0 }: Behaviour, truth: Reply): Reply {
  if (answer === 'error') return ill(slowMs);
  if (answer === 'cut' || answer === 'hang') return reply({}, { delivery: answer, delayMs: slowMs });
  return { ...truth, delayMs: slowMs };
}

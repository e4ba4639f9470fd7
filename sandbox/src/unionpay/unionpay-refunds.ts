import { takeRule } from '../bank/faults';
import type { WireFields } from '@yidian/connectors/unionpay/wire';
import { txnTime } from '@yidian/connectors/unionpay/times';
import type { Reply } from '../bank/order-answer';
import type { UnionPayBook, UnionPayOrder } from './unionpay-book';
import { newOrder, working, type UnionPayOrders } from './unionpay-orders';
import { answered } from './unionpay-words';

/** Money back to the payer. One number is one refund; the sum never passes what was taken. */
export class UnionPayRefunds {
  constructor(
    private readonly book: UnionPayBook,
    private readonly orders: UnionPayOrders,
  ) {}

  give(kind: 'refund' | 'reversal', asked: WireFields): Reply {
    const { orderId = '', txnTime: time = '', txnAmt = '', origQryId = '' } = asked;
    const known = this.book.order(orderId, time);
    if (known && known.state !== 'NONE') return answered(asked, '12');
    const original = this.book.byQueryId(origQryId);
    const wrong = this.hindrance(kind, original, BigInt(txnAmt));
    if (wrong !== null) return answered(asked, wrong);
    const rule = takeRule(this.book, 'refund', { agreementRef: origQryId, amount: BigInt(txnAmt) });
    const name = known ? 'succeed' : (rule?.behaviour ?? 'succeed');
    return this.orders.accept(newOrder(this.book, kind, asked, working(name)), asked);
  }

  /** Somebody gives money back at the merchant's desk of UnionPay: the platform learns of it by the statement only. */
  byHand(queryId: string, amount: bigint): UnionPayOrder | null {
    const original = this.book.byQueryId(queryId);
    if (!original || this.hindrance('refund', original, amount) !== null) return null;
    const own = { orderId: `BACK${original.no}${this.book.orders.size}`.slice(0, 40), txnTime: txnTime(new Date()) };
    const asked = { ...own, txnType: '04', bizType: '000000', txnAmt: amount.toString(), origQryId: queryId };
    const order = newOrder(this.book, 'refund', asked, { state: 'DONE', behaviour: 'succeed' });
    this.book.put({ t: 'order', order });
    return order;
  }

  /** A dispute in a later accounting day takes money back, or gives some. Only the ZME file tells. */
  dispute(queryId: string, amount: bigint): boolean {
    const original = this.book.byQueryId(queryId);
    if (original?.state !== 'DONE') return false;
    const own = { queryId: this.book.nextQueryId(), origQueryId: queryId, amount: amount.toString() };
    this.book.put({ t: 'dispute', dispute: { ...own, ...this.book.moment() } });
    return true;
  }

  /** @returns the code of what stands against it, or null */
  private hindrance(kind: 'refund' | 'reversal', original: UnionPayOrder | undefined, amount: bigint): string | null {
    if (original?.state !== 'DONE' || original.origQueryId !== '') return '35';
    const given = [...this.book.orders.values()]
      .filter(
        (order) => order.origQueryId === original.queryId && (order.state === 'DONE' || order.state === 'WORKING'),
      )
      .reduce((total, order) => total + BigInt(order.amount), 0n);
    if (given + amount > BigInt(original.amount)) return '36';
    const whole = given === 0n && amount === BigInt(original.amount) && original.date === this.book.date;
    return kind === 'reversal' && !whole ? '35' : null;
  }
}

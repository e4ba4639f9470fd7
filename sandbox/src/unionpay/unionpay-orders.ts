import type { WireFields } from '@yidian/connectors/unionpay/wire';
import { txnTime } from '@yidian/connectors/unionpay/times';
import { behaviour, behaviourByFen, type Behaviour, type BehaviourName } from '../bank/behaviour';
import { chooseBehaviour, takeRule } from '../bank/faults';
import { reply, type Reply } from '../bank/order-answer';
import type { OrderKind, UnionPayBook, UnionPayOrder } from './unionpay-book';
import { UnionPaySettler } from './unionpay-settler';
import { answered, orderFields } from './unionpay-words';

type PageKind = 'page' | 'qr' | 'app';

/** Orders of payers: at the page, by a code, in the app, under an agreement; and questions about every kind of order. */
export class UnionPayOrders {
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly book: UnionPayBook,
    private readonly settler: UnionPaySettler,
    private readonly pagesUrl: string,
  ) {}

  /** @returns the page's address, or null when the order is another one already */
  page(kind: PageKind, asked: WireFields): UnionPayOrder | null {
    const { orderId = '', txnTime: time = '', txnAmt = '' } = asked;
    const known = this.book.order(orderId, time);
    if (known) return known.kind === kind && known.amount === txnAmt ? known : null;
    const order = newOrder(this.book, kind, asked, { state: 'OPEN', behaviour: behaviourByFen(BigInt(txnAmt)) });
    this.book.put({ t: 'order', order });
    return order;
  }

  pageUrl = ({ token }: UnionPayOrder): string => `${this.pagesUrl}/pay/${token}`;

  open(kind: 'qr' | 'app', asked: WireFields): Reply {
    const order = this.page(kind, asked);
    if (!order) return answered(asked, '12');
    return answered(asked, '00', kind === 'qr' ? { qrCode: this.pageUrl(order) } : { tn: order.token });
  }

  debit(asked: WireFields): Reply {
    const { orderId = '', txnTime: time = '', txnAmt = '', bindId = '' } = asked;
    const known = this.book.order(orderId, time);
    if (known && known.state !== 'NONE') return answered(asked, '12');
    if (this.book.bindings.get(bindId)?.state !== 'SIGNED') return answered(asked, '40');
    const rule = takeRule(this.book, 'debit', { agreementRef: bindId, amount: BigInt(txnAmt) });
    const name = known ? 'succeed' : chooseBehaviour(rule, BigInt(txnAmt));
    return this.accept(newOrder(this.book, 'debit', asked, working(name)), asked);
  }

  /** Kept before it is answered, whatever the answer is going to be. */
  accept(order: UnionPayOrder, asked: WireFields): Reply {
    this.book.put({ t: 'order', order });
    if (order.state === 'WORKING') this.settler.accepted(order);
    return firstAnswer(order, asked, behaviour(order.behaviour));
  }

  query(asked: WireFields): Reply {
    const { orderId = '', txnTime: time = '' } = asked;
    const order = this.book.order(orderId, time);
    if (!order) return answered(asked, '34');
    const chosen = behaviour(order.behaviour);
    const times = (this.asked.get(order.queryId) ?? 0) + 1;
    this.asked.set(order.queryId, times);
    if (times <= (chosen.silentQueries ?? 0)) return reply({}, { delivery: 'cut' });
    if (order.state === 'NONE' || (order.state === 'WORKING' && chosen.hidden)) return answered(asked, '34');
    const wrong = chosen.answer === 'wrong_amount' && times === 1;
    return answered(asked, '00', orderFields(order, wrong ? (BigInt(order.amount) + 100n).toString() : order.amount));
  }

  find(token: string): UnionPayOrder | undefined {
    return [...this.book.orders.values()].find((order) => order.token === token);
  }

  /** The payer presses "pay" on the page; false when the order can no longer be paid. */
  pay(order: UnionPayOrder): boolean {
    if (!isOpen(order)) return false;
    this.settler.succeed(order, Math.max(1, behaviour(order.behaviour).callbacks));
    return true;
  }
}

export const isOpen = ({ state, expires }: UnionPayOrder): boolean =>
  state === 'OPEN' && (expires === '' || expires >= txnTime(new Date()));

/** What a request for money begins as. */
export function working(name: BehaviourName): Pick<UnionPayOrder, 'state' | 'behaviour' | 'settlesAt'> {
  const chosen = behaviour(name);
  if (chosen.effect === 'none') return { state: 'NONE', behaviour: name };
  return { state: 'WORKING', behaviour: name, settlesAt: UnionPaySettler.settlesAt(chosen) };
}

export function newOrder(
  book: UnionPayBook,
  kind: OrderKind,
  asked: WireFields,
  over: Pick<UnionPayOrder, 'state' | 'behaviour'> & { settlesAt?: number },
): UnionPayOrder {
  const said = (name: string): string => asked[name] ?? '';
  const no = said('orderId');
  const time = said('txnTime');
  return {
    no,
    time,
    kind,
    txnType: said('txnType') as UnionPayOrder['txnType'],
    bizType: said('bizType'),
    amount: said('txnAmt'),
    queryId: book.nextQueryId(),
    origQueryId: said('origQryId'),
    bindId: said('bindId'),
    note: said('orderDesc'),
    notifyUrl: said('backUrl'),
    frontUrl: said('frontUrl'),
    ...book.moment(),
    token: book.token(`order ${no} ${time}`),
    expires: said('payTimeout'),
    ...over,
  };
}

function firstAnswer(order: UnionPayOrder, asked: WireFields, chosen: Behaviour): Reply {
  const delayMs = chosen.slowMs ?? 0;
  switch (chosen.answer) {
    case 'error':
      return answered(asked, '01', {}, { status: 500, delayMs });
    case 'cut':
    case 'hang':
      return reply({}, { delivery: chosen.answer, delayMs });
    case 'wrong_amount': // the first question is answered wrongly, not the acceptance
    case 'pending':
    case 'truth': {
      const { queryId, amount, origQueryId } = order;
      const orig: WireFields = origQueryId === '' ? {} : { origQryId: origQueryId };
      return answered(asked, '00', { queryId, txnAmt: amount, ...orig }, { delayMs });
    }
  }
}

import { behaviour, type Behaviour } from '../bank/behaviour';
import { chooseBehaviour, takeRule } from '../bank/faults';
import { reply, type Reply } from '../bank/order-answer';
import type { AlipayBook, AlipayOrder } from './alipay-book';
import type { DebitRequest } from './alipay-requests';
import type { AlipaySettler } from './alipay-settler';
import { done, ill, numbers, paidNode, refused } from './alipay-words';

const WHY = {
  insufficient_funds: 'ACQ.BUYER_BALANCE_NOT_ENOUGH',
  limit: 'ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR',
} as const;

/** Money taken under an agreement. One number is one order for ever; another sum under it is refused. */
export class AlipayDebits {
  constructor(
    private readonly book: AlipayBook,
    private readonly settler: AlipaySettler,
  ) {}

  take(request: DebitRequest, notifyUrl: string): Reply {
    const { out_trade_no: no, total_amount: amount, agreement_params } = request;
    const agreementNo = agreement_params.agreement_no;
    const known = this.book.orders.get(no);
    if (known && (known.amount !== amount.toString() || known.agreementNo !== agreementNo))
      return refused('ACQ.CONTEXT_INCONSISTENT');
    if (known && known.status !== 'NONE') return repeated(known);
    const agreement = [...this.book.agreements.values()].find(({ no: signed }) => signed === agreementNo);
    if (agreement?.status !== 'NORMAL') return refused('ACQ.AGREEMENT_NOT_EXIST');
    const rule = takeRule(this.book, 'debit', { agreementRef: agreementNo, amount });
    const name = known ? 'succeed' : chooseBehaviour(rule, amount);
    const order = this.newOrder(request, name, notifyUrl);
    this.book.put({ t: 'order', order });
    this.settler.arrived(order);
    return firstAnswer(order, behaviour(name));
  }

  private newOrder(request: DebitRequest, name: AlipayOrder['behaviour'], notifyUrl: string): AlipayOrder {
    const chosen = behaviour(name);
    const moment = this.book.moment();
    const base: AlipayOrder = {
      ...{ no: request.out_trade_no, kind: 'agreement', subject: request.subject, notifyUrl, returnUrl: '' },
      ...moment,
      agreementNo: request.agreement_params.agreement_no,
      amount: request.total_amount.toString(),
      status: 'WAIT_BUYER_PAY',
      paid: false,
      behaviour: name,
      tradeNo: this.book.nextTradeNo(),
      createdAt: moment.at,
      token: '',
      expiresAt: 0,
    };
    if (chosen.effect === 'none') return { ...base, status: 'NONE' };
    if (chosen.settlesAfterMs !== undefined) return { ...base, settlesAt: Date.now() + chosen.settlesAfterMs };
    return chosen.effect === 'take'
      ? { ...base, status: 'TRADE_SUCCESS', paid: true }
      : { ...base, status: 'TRADE_CLOSED' };
  }
}

function repeated(order: AlipayOrder): Reply {
  if (order.status === 'WAIT_BUYER_PAY') return inProgress(order);
  return refused(order.paid ? 'ACQ.TRADE_HAS_SUCCESS' : 'ACQ.TRADE_HAS_CLOSE');
}

const inProgress = (order: AlipayOrder, over: Partial<Reply> = {}): Reply =>
  reply({ code: '10003', msg: 'order success pay inprocess', ...numbers(order) }, over);

function firstAnswer(order: AlipayOrder, chosen: Behaviour): Reply {
  const delayMs = chosen.slowMs ?? 0;
  switch (chosen.answer) {
    case 'error':
      return ill(delayMs);
    case 'cut':
    case 'hang':
      return reply({}, { delivery: chosen.answer, delayMs });
    case 'wrong_amount':
      return done(paidNode({ ...order, amount: (BigInt(order.amount) + 100n).toString() }), { delayMs });
    case 'pending':
      return inProgress(order, { delayMs });
    case 'truth':
      return order.paid
        ? done(paidNode(order), { delayMs })
        : { ...refused(WHY[chosen.reason ?? 'insufficient_funds']), delayMs };
  }
}

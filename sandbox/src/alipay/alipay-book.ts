import { createHmac } from 'node:crypto';
import { beijingTime } from '@yidian/connectors/alipay/words';
import type { BehaviourName } from '../bank/behaviour';
import type { Damage } from '../bank/damage';
import type { ProviderRule } from '../bank/faults';
import type { NdjsonLog } from '../journal/ndjson-log';

export type OrderKind = 'page' | 'wap' | 'qr' | 'app' | 'agreement';

/** An order as Alipay remembers it; amounts are strings of fen so that a line of JSON holds them exactly. */
export interface AlipayOrder {
  no: string;
  kind: OrderKind;
  /** Of the agreement it is taken under, else ''. */
  agreementNo: string;
  amount: string;
  /** `NONE`: the request came, and it is pretended that it never did. */
  status: 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_CLOSED' | 'NONE';
  paid: boolean;
  behaviour: BehaviourName;
  tradeNo: string;
  subject: string;
  notifyUrl: string;
  returnUrl: string;
  /** Accounting date of the effect, and its moment on that date, `yyyy-MM-dd HH:mm:ss` in Beijing. */
  date: string;
  at: string;
  createdAt: string;
  /** When an order under way reaches its effect, epoch ms. */
  settlesAt?: number;
  token: string;
  /** Epoch ms; 0: never. */
  expiresAt: number;
}

export interface AlipayRefund {
  no: string;
  orderNo: string;
  amount: string;
  status: 'REFUND_SUCCESS' | 'REFUND_PROCESSING';
  date: string;
  at: string;
  settlesAt?: number;
}

export interface AlipayAgreement {
  externalNo: string;
  /** '' until it is signed. */
  no: string;
  token: string;
  account: string;
  notifyUrl: string;
  returnUrl: string;
  status: 'OPEN' | 'REFUSED' | 'NORMAL' | 'UNSIGN';
  signedAt: string;
}

/** A wish for the next debits or refunds that fit. */
type AlipayEvent =
  | { t: 'order'; order: AlipayOrder }
  | { t: 'refund'; refund: AlipayRefund }
  | { t: 'agreement'; agreement: AlipayAgreement }
  | { t: 'rules'; rules: ProviderRule[] }
  | { t: 'damage'; date: string; damages: Damage[] }
  | { t: 'date'; date: string };

/** All that Alipay knows: a replayable log. Each event carries the whole new state of one thing. */
export class AlipayBook {
  readonly orders = new Map<string, AlipayOrder>();
  readonly refunds = new Map<string, AlipayRefund>();
  readonly agreements = new Map<string, AlipayAgreement>();
  readonly damages = new Map<string, Damage[]>();
  rules: ProviderRule[] = [];
  /** The accounting date it is in. */
  date: string;
  private ids = 0;

  constructor(
    private readonly log: NdjsonLog<AlipayEvent>,
    firstDate: string,
    private readonly seed: string,
  ) {
    this.date = firstDate;
    log.replay((event) => this.apply(event));
  }

  put(event: AlipayEvent): void {
    this.log.append(event);
    this.apply(event);
  }

  /** Dense and never reused, across restarts too. */
  nextTradeNo(): string {
    this.ids += 1;
    return `${this.date.replaceAll('-', '')}22001400${String(this.ids).padStart(12, '0')}`;
  }

  /** Names that follow from the seed: of pages, notifications, agreements. */
  token(what: string): string {
    return createHmac('sha256', this.seed).update(`alipay ${what}`).digest('hex').slice(0, 32);
  }

  /** Now, on the accounting date: a played day need not be today. */
  moment(): { date: string; at: string } {
    return { date: this.date, at: `${this.date}${beijingTime(new Date()).slice(10)}` };
  }

  orderByToken(token: string): AlipayOrder | undefined {
    return [...this.orders.values()].find((order) => order.token === token);
  }

  agreementByToken(token: string): AlipayAgreement | undefined {
    return [...this.agreements.values()].find((agreement) => agreement.token === token);
  }

  /** Fen that went back, or are on their way, under one order. */
  givenBack(orderNo: string): bigint {
    return [...this.refunds.values()]
      .filter((refund) => refund.orderNo === orderNo)
      .reduce((total, { amount }) => total + BigInt(amount), 0n);
  }

  private apply(event: AlipayEvent): void {
    switch (event.t) {
      case 'order':
        this.orders.set(event.order.no, event.order);
        this.ids = Math.max(this.ids, Number(event.order.tradeNo.slice(-12)));
        return;
      case 'refund':
        this.refunds.set(event.refund.no, event.refund);
        return;
      case 'agreement':
        this.agreements.set(event.agreement.externalNo, event.agreement);
        return;
      case 'rules':
        this.rules = event.rules;
        return;
      case 'damage':
        this.damages.set(event.date, event.damages);
        return;
      case 'date':
        this.date = event.date;
    }
  }
}

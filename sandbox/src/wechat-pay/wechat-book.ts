import { createHmac } from 'node:crypto';
import { beijingTime } from '@yidian/connectors/wechat-pay/words';
import type { BehaviourName } from '../bank/behaviour';
import type { Damage } from '../bank/damage';
import type { ProviderRule } from '../bank/faults';
import type { NdjsonLog } from '../journal/ndjson-log';

export type OrderKind = 'native' | 'h5' | 'app' | 'jsapi' | 'pap';

/** An order as WeChat Pay remembers it; amounts are strings of fen so that a line of JSON holds them exactly. */
export interface WechatOrder {
  no: string;
  kind: OrderKind;
  contractId: string;
  amount: string;
  /** `NONE`: the request came, and it is pretended that it never did. */
  state: 'NOTPAY' | 'ACCEPT' | 'SUCCESS' | 'REFUND' | 'CLOSED' | 'PAYERROR' | 'NONE';
  why?: string;
  behaviour: BehaviourName;
  transactionId: string;
  note: string;
  notifyUrl: string;
  /** Accounting date of the effect, and its moment on that date in Beijing time. */
  date: string;
  at: string;
  settlesAt?: number;
  token: string;
  expiresAt?: string;
}

export interface WechatRefund {
  no: string;
  orderNo: string;
  amount: string;
  status: 'SUCCESS' | 'PROCESSING' | 'CLOSED';
  id: string;
  notifyUrl: string;
  date: string;
  at: string;
  settlesAt?: number;
}

export interface WechatContract {
  code: string;
  planId: number;
  /** '' until it is signed. */
  id: string;
  token: string;
  account: string;
  notifyUrl: string;
  state: 'OPEN' | 'REFUSED' | 'SIGNED' | 'TERMINATED';
  endedBy?: string;
  signedAt?: string;
  /** Fen that are booked to be taken; '' when nothing is. */
  scheduled: string;
}

type WechatEvent =
  | { t: 'order'; order: WechatOrder }
  | { t: 'refund'; refund: WechatRefund }
  | { t: 'contract'; contract: WechatContract }
  | { t: 'rules'; rules: ProviderRule[] }
  | { t: 'damage'; date: string; damages: Damage[] }
  | { t: 'date'; date: string };

/** A wish for the next deductions or refunds that fit. */
/** All that WeChat Pay knows: a replayable log. Each event carries the whole new state of one thing. */
export class WechatBook {
  readonly orders = new Map<string, WechatOrder>();
  readonly refunds = new Map<string, WechatRefund>();
  readonly contracts = new Map<string, WechatContract>();
  readonly damages = new Map<string, Damage[]>();
  rules: ProviderRule[] = [];
  /** The accounting date it is in. */
  date: string;
  private ids = 0;

  constructor(
    private readonly log: NdjsonLog<WechatEvent>,
    firstDate: string,
    private readonly seed: string,
  ) {
    this.date = firstDate;
    log.replay((event) => this.apply(event));
  }

  put(event: WechatEvent): void {
    this.log.append(event);
    this.apply(event);
  }

  /** Dense and never reused, across restarts too. @param head what ids of this kind begin with */
  nextId(head: string): string {
    this.ids += 1;
    return `${head}${this.date.replaceAll('-', '')}${String(this.ids).padStart(10, '0')}`;
  }

  /** Names that payers' pages and prepaid orders go by. */
  token(what: string): string {
    return createHmac('sha256', this.seed).update(what).digest('hex').slice(0, 32);
  }

  /** Now, on the accounting date: a played day need not be today. */
  moment(): { date: string; at: string } {
    return { date: this.date, at: `${this.date}${beijingTime(new Date()).slice(10)}` };
  }

  contractById(id: string): WechatContract | undefined {
    return [...this.contracts.values()].find((contract) => contract.id !== '' && contract.id === id);
  }

  private apply(event: WechatEvent): void {
    switch (event.t) {
      case 'order':
        this.orders.set(event.order.no, event.order);
        return this.sawId(event.order.transactionId);
      case 'refund':
        this.refunds.set(event.refund.no, event.refund);
        return this.sawId(event.refund.id);
      case 'contract':
        this.contracts.set(event.contract.code, event.contract);
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

  private sawId(id: string): void {
    this.ids = Math.max(this.ids, Number(id.slice(-10)));
  }
}

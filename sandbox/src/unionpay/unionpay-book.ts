import { createHmac } from 'node:crypto';
import { txnTime } from '@yidian/connectors/unionpay/times';
import type { BehaviourName } from '../bank/behaviour';
import type { Damage } from '../bank/damage';
import type { ProviderRule } from '../bank/faults';
import type { NdjsonLog } from '../journal/ndjson-log';

/** How an order came: at the page, by a code, through the app, under an agreement, or to give money back. */
export type OrderKind = 'page' | 'qr' | 'app' | 'debit' | 'refund' | 'reversal';

/** An order as UnionPay remembers it: refunds are orders too. Amounts are strings of fen, so that JSON holds them exactly. */
export interface UnionPayOrder {
  no: string;
  /** Its time: together with the number it is the order. */
  time: string;
  kind: OrderKind;
  txnType: '01' | '11' | '04' | '31';
  bizType: string;
  amount: string;
  /** `NONE`: the request came, and it is pretended that it never did. */
  state: 'OPEN' | 'WORKING' | 'DONE' | 'REFUSED' | 'NONE';
  /** Answer code of `REFUSED`. */
  code?: string;
  behaviour: BehaviourName;
  queryId: string;
  /** Of refunds and reversals: UnionPay's number of what they undo. */
  origQueryId: string;
  bindId: string;
  note: string;
  notifyUrl: string;
  frontUrl: string;
  /** Accounting date of the effect, and its moment on that date. */
  date: string;
  at: string;
  settlesAt?: number;
  token: string;
  /** `yyyyMMddHHmmss`, '' for never. */
  expires: string;
}

export interface UnionPayBinding {
  bindId: string;
  orderNo: string;
  time: string;
  token: string;
  notifyUrl: string;
  frontUrl: string;
  state: 'OPEN' | 'REFUSED' | 'SIGNED' | 'ENDED';
}

/** Taken back, or given, in a later accounting day, by the issuer's dispute. */
export interface UnionPayDispute {
  queryId: string;
  origQueryId: string;
  /** Fen; negative is taken from the merchant. */
  amount: string;
  date: string;
  at: string;
}

/** A wish for the next debits or refunds that fit. */
export type UnionPayEvent =
  | { t: 'order'; order: UnionPayOrder }
  | { t: 'binding'; binding: UnionPayBinding }
  | { t: 'dispute'; dispute: UnionPayDispute }
  | { t: 'rules'; rules: ProviderRule[] }
  | { t: 'damage'; date: string; damages: Damage[] }
  | { t: 'date'; date: string };

/** All that UnionPay knows: a replayable log. Each event carries the whole new state of one thing. */
export class UnionPayBook {
  readonly orders = new Map<string, UnionPayOrder>();
  readonly bindings = new Map<string, UnionPayBinding>();
  readonly disputes: UnionPayDispute[] = [];
  readonly damages = new Map<string, Damage[]>();
  rules: ProviderRule[] = [];
  /** The accounting date it is in. */
  date: string;
  private ids = 0;

  constructor(
    private readonly log: NdjsonLog<UnionPayEvent>,
    firstDate: string,
    private readonly seed: string,
  ) {
    this.date = firstDate;
    log.replay((event) => this.apply(event));
  }

  put(event: UnionPayEvent): void {
    this.log.append(event);
    this.apply(event);
  }

  order(no: string, time: string): UnionPayOrder | undefined {
    return this.orders.get(keyOf({ no, time }));
  }

  byQueryId(queryId: string): UnionPayOrder | undefined {
    return [...this.orders.values()].find((order) => order.queryId === queryId);
  }

  /** 21 digits with the time inside; dense and never reused, across restarts too. */
  nextQueryId(): string {
    this.ids += 1;
    return `44${txnTime(new Date(this.moment().at)).slice(2)}${String(this.ids).padStart(7, '0')}`;
  }

  /** Names that payers' pages go by. */
  token(what: string): string {
    return createHmac('sha256', this.seed).update(what).digest('hex').slice(0, 32);
  }

  /** Now, on the accounting date: a played day need not be today. */
  moment(): { date: string; at: string } {
    const clock = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(10, 19);
    return { date: this.date, at: `${this.date}${clock}+08:00` };
  }

  private apply(event: UnionPayEvent): void {
    switch (event.t) {
      case 'order':
        this.orders.set(keyOf(event.order), event.order);
        return this.sawId(event.order.queryId);
      case 'binding':
        this.bindings.set(event.binding.bindId, event.binding);
        return;
      case 'dispute':
        this.disputes.push(event.dispute);
        return this.sawId(event.dispute.queryId);
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

  private sawId(queryId: string): void {
    this.ids = Math.max(this.ids, Number(queryId.slice(-7)));
  }
}

const keyOf = ({ no, time }: { no: string; time: string }): string => `${no} ${time}`;

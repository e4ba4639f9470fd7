import type { NdjsonLog } from '../journal/ndjson-log';
import type { BehaviourName } from './behaviour';
import type { FaultRule } from './faults';
import type { Damage } from './damage';

export type OrderStatus = 'pending' | 'succeeded' | 'declined' | 'closed' | 'not_found';

/** An order as the bank remembers it; amounts are strings of fen so that a line of JSON holds them exactly. */
export interface Order {
  attemptNo: string;
  kind: 'debit' | 'cashier';
  agreementRef: string;
  amount: string;
  /** `not_found`: the order came, and the bank pretends it never did. */
  status: OrderStatus;
  reason?: string;
  behaviour: BehaviourName;
  txnId: string;
  /** Accounting date of the effect; of the arrival until then. */
  date: string;
  at: string;
  /** When a pending order reaches its effect, epoch ms. */
  settlesAt?: number;
  cashier?: { token: string; returnUrl: string; expiresAt: string };
}

export interface Refund {
  refundNo: string;
  attemptNo: string;
  kind: 'refund' | 'reversal';
  amount: string;
  status: 'succeeded' | 'failed';
  reason?: string;
  txnId: string;
  date: string;
  at: string;
}

export interface Agreement {
  agreementNo: string;
  token: string;
  numberMasked: string;
  returnUrl: string;
  status: 'pending' | 'active' | 'ended';
  agreementRef: string;
  accountTail: string;
  /** Accounting dates; absent in logs of old. */
  signedOn?: string;
  endedOn?: string;
  /** Sent to its holder's telephone, and how often another one was given. */
  code?: string;
  wrong?: number;
  verified?: 'bank' | 'three_elements' | 'four_elements';
}

type BankEvent =
  | { t: 'order'; order: Order }
  | { t: 'refund'; refund: Refund }
  | { t: 'agreement'; agreement: Agreement }
  | { t: 'rules'; rules: FaultRule[] }
  | { t: 'damage'; date: string; damages: Damage[] }
  | { t: 'date'; date: string };

/** All the bank knows: a replayable log. Each event carries the whole new state of one thing. */
export class BankBook {
  readonly orders = new Map<string, Order>();
  readonly refunds = new Map<string, Refund>();
  readonly agreements = new Map<string, Agreement>();
  readonly damages = new Map<string, Damage[]>();
  rules: FaultRule[] = [];
  /** The accounting date the bank is in. */
  date: string;
  private txns = 0;

  constructor(
    private readonly log: NdjsonLog<BankEvent>,
    firstDate: string,
  ) {
    this.date = firstDate;
    log.replay((event) => this.apply(event));
  }

  put(event: BankEvent): void {
    this.log.append(event);
    this.apply(event);
  }

  saveOrder(order: Order): void {
    this.put({ t: 'order', order });
  }

  /** Transaction ids are dense and never reused, across restarts too: they count what the log holds. */
  nextTxnId(): string {
    this.txns += 1;
    return `A${this.date.replaceAll('-', '')}${String(this.txns).padStart(8, '0')}`;
  }

  private apply(event: BankEvent): void {
    switch (event.t) {
      case 'order':
        this.orders.set(event.order.attemptNo, event.order);
        this.sawTxn(event.order.txnId);
        return;
      case 'refund':
        this.refunds.set(event.refund.refundNo, event.refund);
        this.sawTxn(event.refund.txnId);
        return;
      case 'agreement':
        this.agreements.set(event.agreement.agreementNo, event.agreement);
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

  private sawTxn(txnId: string): void {
    this.txns = Math.max(this.txns, Number(txnId.slice(-8)));
  }
}

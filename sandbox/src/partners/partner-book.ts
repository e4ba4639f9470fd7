import type { NdjsonLog } from '../journal/ndjson-log';

/**
 * One sale at the counter or in the shop. `taken`: the customer's money is in the till and the platform has not answered
 * yet · `acknowledged`: the platform knows it · `refused`: the cash went back · `reversed`: undone the same day.
 */
export interface Sale {
  reference: string;
  number: string;
  amount: string;
  teller: string;
  takenAt: string;
  date: string;
  txnId: string;
  state: 'taken' | 'acknowledged' | 'refused' | 'reversed';
  payment?: { id: string; number: string; state: string; final: boolean };
  reversal?: { number: string; at: string; date: string; txnId: string };
}

/** Money given back later than the day of the sale. */
export interface Return {
  refundNo: string;
  paymentNo: string;
  kind: 'refund' | 'reversal';
  amount: string;
  txnId: string;
  at: string;
  date: string;
}

type PartnerEvent = { t: 'sale'; sale: Sale } | { t: 'return'; given: Return } | { t: 'date'; date: string };

/** What a collecting partner knows by itself, whatever the platform says: its journal, replayed at start. */
export class PartnerBook {
  readonly sales = new Map<string, Sale>();
  readonly returns = new Map<string, Return>();
  date: string;
  private txns = 0;

  constructor(
    private readonly log: NdjsonLog<PartnerEvent>,
    firstDate: string,
    private readonly letter: string,
  ) {
    this.date = firstDate;
    log.replay((event) => this.apply(event));
  }

  save(sale: Sale): void {
    this.put({ t: 'sale', sale });
  }

  give(given: Return): void {
    this.put({ t: 'return', given });
  }

  moveTo(date: string): void {
    this.put({ t: 'date', date });
  }

  nextTxnId(): string {
    this.txns += 1;
    return `${this.letter}${this.date.replaceAll('-', '')}${String(this.txns).padStart(8, '0')}`;
  }

  /** @param orderNo payment number, or an attempt number that begins with it */
  saleOf(orderNo: string): Sale | undefined {
    const paymentNo = orderNo.slice(0, 20);
    return [...this.sales.values()].find((sale) => sale.payment?.number === paymentNo);
  }

  private put(event: PartnerEvent): void {
    this.log.append(event);
    this.apply(event);
  }

  private apply(event: PartnerEvent): void {
    if (event.t === 'date') this.date = event.date;
    if (event.t === 'sale') {
      this.sales.set(event.sale.reference, event.sale);
      this.sawTxn(event.sale.txnId);
      if (event.sale.reversal) this.sawTxn(event.sale.reversal.txnId);
    }
    if (event.t === 'return') {
      this.returns.set(event.given.refundNo, event.given);
      this.sawTxn(event.given.txnId);
    }
  }

  private sawTxn(txnId: string): void {
    this.txns = Math.max(this.txns, Number(txnId.slice(-8)));
  }
}

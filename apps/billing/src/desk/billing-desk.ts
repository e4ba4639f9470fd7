import type { LaneTx } from '@yidian/journal';
import type { Desk, Rider } from '@yidian/ledger';
import type { BillBook } from '../bills/bill-book';
import { bookReads, booksFrom, writeBooks } from '../bills/bill-rows.store';
import { invoiceFilesFrom, invoiceReads, writeInvoiceFiles, type InvoiceFile } from '../invoices/invoice-events.store';
import {
  NOTHING_TAKEN,
  takenPartsFrom,
  takenPartsReads,
  writeTakenParts,
  type TakenParts,
} from '../topups/taken-parts.store';

/**
 * Billing's own rows that move with postings, in the same transaction. Whoever rides with a subscriber's bills names its cash
 * account in its plan, whoever rides with a payment's rows names the payment's guard: their locks are these rows' locks.
 */
export const rides = {
  bills: (subscriberId: string, paymentNo = ''): string => `bills ${subscriberId} ${paymentNo}`,
  /** What was taken back of the payment, by bearer. */
  parts: (paymentNo: string): string => `parts ${paymentNo}`,
  invoices: (paymentNo: string): string => `invoices ${paymentNo}`,
};

export class BillingDesk implements Desk {
  private readonly moved = new Map<string, TakenParts>();

  constructor(
    private readonly books: ReadonlyMap<string, BillBook>,
    private readonly parts: ReadonlyMap<string, TakenParts>,
    private readonly files: ReadonlyMap<string, InvoiceFile>,
  ) {}

  bills(subscriberId: string): BillBook {
    return named(this.books.get(subscriberId), `bills of ${subscriberId}`);
  }

  invoices(paymentNo: string): InvoiceFile {
    return named(this.files.get(paymentNo), `invoices of ${paymentNo}`);
  }

  taken(paymentNo: string): TakenParts {
    return this.moved.get(paymentNo) ?? this.parts.get(paymentNo) ?? NOTHING_TAKEN;
  }

  /** Negative shares: a hold was given back. */
  take(paymentNo: string, shares: TakenParts): void {
    const { home, hq, provider, partner, bonus } = this.taken(paymentNo);
    this.moved.set(paymentNo, {
      home: home + shares.home,
      hq: hq + shares.hq,
      provider: provider + shares.provider,
      partner: partner + shares.partner,
      bonus: bonus + shares.bonus,
    });
  }

  write(tx: LaneTx): void {
    writeBooks(tx, this.books.values());
    writeTakenParts(tx, this.moved);
    writeInvoiceFiles(tx, this.files);
  }
}

export const billingRider: Rider = {
  reads(names) {
    const { payments, parts, invoices } = wantedBy(names);
    return [...bookReads(payments), ...takenPartsReads(parts), ...invoiceReads(invoices)];
  },
  desk(names, rows) {
    const { payments, parts, invoices } = wantedBy(names);
    const rest = [...rows];
    const books = booksFrom(payments, rest.splice(0, bookReads(payments).length));
    const taken = takenPartsFrom(rest.splice(0, takenPartsReads(parts).length).flat());
    return new BillingDesk(books, taken, invoiceFilesFrom(invoices, rest.flat()));
  },
};

/** What the names of a batch ask for, by kind. */
function wantedBy(names: readonly string[]) {
  const asked = names.map((name) => name.split(' '));
  const of = (kind: string) => [...new Set(asked.filter(([what]) => what === kind).map(([, id = '']) => id))].sort();
  const payments = new Map(of('bills').map((id) => [id, new Set<string>()]));
  for (const [kind, subscriberId = '', paymentNo = ''] of asked)
    if (kind === 'bills' && paymentNo !== '') payments.get(subscriberId)?.add(paymentNo);
  return { payments, parts: of('parts'), invoices: of('invoices') };
}

/** @throws Error when a plan rides with somebody else's rows */
export function billingDesk(desk: Desk): BillingDesk {
  if (!(desk instanceof BillingDesk)) throw new Error('this posting rides with no rows of billing');
  return desk;
}

function named<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new Error(`the ${what} were not read: the plan did not name them`);
  return row;
}

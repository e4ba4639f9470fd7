import type { Queryable } from '@yidian/database';
import type { LaneTx } from '@yidian/journal';
import type { Desk, Rider } from '@yidian/ledger';
import type { BillBook } from '../bills/bill-book';
import { readBooks, writeBooks } from '../bills/bill-rows.store';
import { readInvoiceFiles, writeInvoiceFiles, type InvoiceFile } from '../invoices/invoice-events.store';
import { NOTHING_TAKEN, readTakenParts, writeTakenParts, type TakenParts } from '../topups/taken-parts.store';

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
  async load(tx: Queryable, names: readonly string[]): Promise<Desk> {
    const asked = names.map((name) => name.split(' '));
    const of = (kind: string) => asked.filter(([what]) => what === kind).map(([, id = '']) => id);
    const payments = new Map<string, Set<string>>();
    for (const [kind, subscriberId = '', paymentNo = ''] of asked) {
      if (kind !== 'bills') continue;
      const set = payments.get(subscriberId) ?? new Set<string>();
      if (paymentNo !== '') set.add(paymentNo);
      payments.set(subscriberId, set);
    }
    return new BillingDesk(
      await readBooks(tx, payments),
      await readTakenParts(tx, of('parts')),
      await readInvoiceFiles(tx, of('invoices')),
    );
  },
};

/** @throws Error when a plan rides with somebody else's rows */
export function billingDesk(desk: Desk): BillingDesk {
  if (!(desk instanceof BillingDesk)) throw new Error('this posting rides with no rows of billing');
  return desk;
}

function named<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new Error(`the ${what} were not read: the plan did not name them`);
  return row;
}

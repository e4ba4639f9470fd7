import { fromDecimal, type Minor } from '@yidian/money';
import type { StatementKind, StatementLine } from '../contract/statement';
import { stripeDecimals } from './currencies';
import { ORDER_NO, REFUND_NO } from './words';

/** A row that cannot be read; the message is a finding's reason. */
export class UnreadableRow extends Error {
  override readonly name = 'UnreadableRow';
}

/** Columns by name, in whatever order the file has them. */
export class Columns {
  private readonly places: ReadonlyMap<string, number>;

  constructor(readonly names: readonly string[]) {
    this.places = new Map(names.map((name, place) => [name.toLowerCase(), place]));
  }

  has(name: string): boolean {
    return this.places.has(name);
  }

  read(cells: readonly string[], name: string): string {
    return cells[this.places.get(name) ?? -1] ?? '';
  }

  /** The first that is not empty. */
  first(cells: readonly string[], ...names: string[]): string {
    return names.map((name) => this.read(cells, name)).find((cell) => cell !== '') ?? '';
  }
}

/** Money without these cannot be told; everything else may be missing. */
export const NEEDED = ['balance_transaction_id', 'currency', 'gross', 'fee', 'net', 'reporting_category'] as const;

/** Reporting categories of docs.stripe.com/reports/reporting-categories that are not simply "other". */
const KINDS: Readonly<Record<string, StatementKind>> = {
  charge: 'PAY',
  refund: 'REFUND',
  dispute: 'RETURN',
  dispute_reversal: 'RETURN',
  charge_failure: 'RETURN',
  payout: 'PAYOUT',
  payout_reversal: 'PAYOUT',
  fee: 'FEE',
  network_cost: 'FEE',
  tax: 'FEE',
};

/** Money of these may only go this way; what does not fit is no such row. */
const COMES_IN = new Set(['charge', 'dispute_reversal', 'payout_reversal']);
const GOES_OUT = new Set(['refund', 'dispute', 'payout', 'charge_failure']);

export type Row = Omit<StatementLine, 'fileLine' | 'offset' | 'n' | 'raw'>;

/** @throws UnreadableRow saying which cell does not fit */
export function rowOf(columns: Columns, cells: readonly string[]): Row {
  if (cells.length !== columns.names.length) throw new UnreadableRow('number of cells');
  const cell = (name: string) => columns.read(cells, name);
  const currency = cell('currency').toUpperCase();
  if (!/^[A-Z]{3}$/.test(currency)) throw new UnreadableRow('currency');
  const [gross, fee, net] = ['gross', 'fee', 'net'].map((name) => minor(cell(name), currency, name));
  if (gross === undefined || fee === undefined || net !== gross - fee)
    throw new UnreadableRow('gross less fee is not net');
  const category = cell('reporting_category');
  if (category === '') throw new UnreadableRow('reporting_category');
  if ((COMES_IN.has(category) && gross < 0n) || (GOES_OUT.has(category) && gross > 0n))
    throw new UnreadableRow('sign of the amount');
  const kind = KINDS[category] ?? 'OTHER';
  return {
    kind,
    ...numbers(columns, cells, kind, category),
    amount: gross,
    fee,
    ...(fee === 0n ? {} : { feeText: cell('fee') }),
    currency,
    occurredAt: instantOf(columns, cells),
    state: 'SUCCESS',
  };
}

/**
 * Our number stands in the metadata that the report was told to print. Payments are known by the payment intent, which
 * is what the API's answers name them by; everything else by its own id.
 */
function numbers(
  columns: Columns,
  cells: readonly string[],
  kind: StatementKind,
  category: string,
): Pick<Row, 'ourNumber' | 'providerTxnId' | 'origTxnId'> {
  const payment = columns.first(cells, 'payment_intent_id', 'charge_id');
  const own = columns.first(cells, 'source_id', 'balance_transaction_id');
  if (own === '' && payment === '') throw new UnreadableRow('transaction id');
  const ofOrder = columns.first(cells, `payment_metadata[${ORDER_NO}]`);
  if (kind === 'PAY') return { ourNumber: ofOrder, providerTxnId: payment || own, origTxnId: '' };
  const isRefund = kind === 'REFUND' || category === 'refund_failure';
  const ourNumber = isRefund ? columns.first(cells, `refund_metadata[${REFUND_NO}]`) : '';
  return { ourNumber, providerTxnId: own, origTxnId: payment || ofOrder };
}

/** Columns that a report is asked for, so that what is read here is there. */
export const REPORT_COLUMNS: readonly string[] = [
  ...['balance_transaction_id', 'created_utc', 'created', 'currency', 'gross', 'fee', 'net', 'reporting_category'],
  ...['source_id', 'description', 'customer_facing_amount', 'customer_facing_currency', 'charge_id'],
  ...['payment_intent_id', 'payment_method_type', `payment_metadata[${ORDER_NO}]`, `refund_metadata[${REFUND_NO}]`],
];

function minor(text: string, currency: string, name: string): Minor {
  try {
    return fromDecimal(text, stripeDecimals(currency));
  } catch {
    throw new UnreadableRow(name);
  }
}

/**
 * `2026-11-22 03:15:00`: in UTC where the column says so, else in the zone that our reports are run in (Beijing). A zone
 * written into the cell goes before both.
 */
function instantOf(columns: Columns, cells: readonly string[]): Date {
  const utc = columns.read(cells, 'created_utc');
  const text = utc === '' ? columns.read(cells, 'created') : utc;
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  const [, day = '', minute = '00:00', second = ':00', zone = utc === '' ? '+08:00' : 'Z'] = match ?? [];
  const at = new Date(`${day}T${minute}${second}${zone}`);
  if (!match || Number.isNaN(at.getTime())) throw new UnreadableRow('created');
  return at;
}

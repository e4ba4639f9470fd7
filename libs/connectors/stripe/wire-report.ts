import { toDecimal } from '@yidian/money';
import { stripeDecimals } from './currencies';

/** A row of a report before it is text. */
export interface ReportRow {
  /** Gross, in minor units, signed; net is what remains without the fee. */
  amount: bigint;
  fee: bigint;
  /** Lower case, as Stripe writes it. */
  currency: string;
  at: Date;
  /** Reporting category. */
  category: string;
  /** What else is known, by column. */
  cells: Readonly<Record<string, string>>;
}

const BEIJING = 8 * 3_600_000;
const clock = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ');

/** A report as Stripe's file of it: the columns that were asked for, amounts in major units. */
export function reportCsv(rows: readonly ReportRow[], columns: readonly string[]): string {
  const lines = rows.map((row) => {
    const cells = cellsOf(row);
    return columns.map((column) => quoted(cells[column] ?? '')).join(',');
  });
  return `${[columns.map(quoted).join(','), ...lines].join('\n')}\n`;
}

function cellsOf({ amount, fee, currency, at, category, cells }: ReportRow): Record<string, string> {
  const major = (minor: bigint) => toDecimal(minor, stripeDecimals(currency.toUpperCase()));
  return {
    ...{ created_utc: clock(at), created: clock(new Date(at.getTime() + BEIJING)), currency },
    ...{ gross: major(amount), fee: major(fee), net: major(amount - fee), reporting_category: category },
    ...{ customer_facing_amount: major(amount), customer_facing_currency: currency },
    ...cells,
  };
}

const quoted = (cell: string): string => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

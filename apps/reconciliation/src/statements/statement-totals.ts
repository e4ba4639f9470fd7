import { NAMED_KINDS, type NamedKind, type NamedLine, type StatementLine } from './statement-line';

export interface NamedSum {
  lines: number;
  amount: bigint;
}

/** Sums over the readable lines in our currency, and what the trailer counts beyond them. */
export interface StatementTotals {
  lines: number;
  unreadable: number;
  payments: bigint;
  /** Refunds, reversals and returns, negative. */
  returns: bigint;
  fees: bigint;
  unread: bigint;
  unreadFees: bigint;
  /** Lines that stand for themselves, in no bridge of payments. */
  named?: Record<NamedKind, NamedSum>;
}

export const OUR_CURRENCY = 'CNY';

/** Adds up lines as they come, in any order, in flat memory. */
export class TotalsOfLines {
  private lines = 0;
  private payments = 0n;
  private returns = 0n;
  private fees = 0n;
  private readonly named = noneNamed();

  line({ kind, state, currency, amount, fee }: StatementLine): void {
    this.lines++;
    if (state !== 'success' || currency !== OUR_CURRENCY) return;
    this.fees += fee;
    if (kind === 'payment') this.payments += amount;
    else this.returns += amount;
  }

  namedLine({ kind, amount }: Pick<NamedLine, 'kind' | 'amount'>): void {
    const sum = this.named[kind];
    sum.lines++;
    sum.amount += amount;
  }

  totals(rest: Pick<StatementTotals, 'unreadable' | 'unread' | 'unreadFees'>): StatementTotals {
    const { lines, payments, returns, fees, named } = this;
    return { lines, payments, returns, fees, named, ...rest };
  }
}

export const noneNamed = (): Record<NamedKind, NamedSum> => ({
  fee: { lines: 0, amount: 0n },
  payout: { lines: 0, amount: 0n },
  return: { lines: 0, amount: 0n },
  other: { lines: 0, amount: 0n },
});

const AMOUNTS = ['payments', 'returns', 'fees', 'unread', 'unreadFees'] as const;

/** Amounts are digit strings in the row: JSON has no number that could hold them all. */
export function writeTotals(totals: StatementTotals): string {
  return JSON.stringify(totals, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

export function readTotals(text: string): StatementTotals {
  const raw = JSON.parse(text) as Record<string, string | number> & {
    named?: Record<NamedKind, { lines: number; amount: string }>;
  };
  const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, BigInt(raw[name] ?? '0')]));
  const named = noneNamed();
  for (const kind of NAMED_KINDS) {
    const { lines = 0, amount = '0' } = raw.named?.[kind] ?? {};
    named[kind] = { lines, amount: BigInt(amount) };
  }
  return { ...raw, ...amounts, named } as unknown as StatementTotals;
}

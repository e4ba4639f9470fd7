import type { RunView } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import type { StatementTotals } from '../statements/statement';
import { BOOK, type BridgePart } from './result';

/** Σ of the frozen books as their own services recomputed them: never summed from what we pulled. */
export interface BookTotals {
  paid: bigint;
  returned: bigint;
  credited: bigint;
}

export type Bridge = RunView['bridges'][number];

/**
 * Statement total − book total = Σ named differences; whatever is left over is an alarm. Payments, refunds, fees and credits
 * are bridged apart, because netting them hides errors. In the credit bridge billing's book stands on the statement's side.
 */
export function buildBridges(parts: readonly BridgePart[], statement: StatementTotals, books: BookTotals): Bridge[] {
  const feeBook = sumOf(parts.filter((part) => part.bridge === 'fees' && part.name === BOOK));
  const sides: Record<Bridge['kind'], [bigint, bigint, bigint]> = {
    payments: [statement.payments + statement.unread, books.paid, statement.unread],
    refunds: [statement.returns, -books.returned, 0n],
    fees: [statement.fees + statement.unreadFees, feeBook, statement.unreadFees],
    credits: [books.credited, books.paid, 0n],
  };
  return (['payments', 'refunds', 'fees', 'credits'] as const).map((kind) => {
    const [left, right, unread] = sides[kind];
    const own = parts.filter((part) => part.bridge === kind && part.name !== BOOK);
    const lines = namedLines(unread === 0n ? own : [...own, { bridge: kind, name: 'unread', amount: unread }]);
    const named = lines.reduce((sum, line) => sum + BigInt(line.amount), 0n);
    return {
      kind,
      statementTotal: toDigits(left),
      bookTotal: toDigits(right),
      lines,
      residual: toDigits(left - right - named),
    };
  });
}

function namedLines(parts: readonly BridgePart[]): Bridge['lines'] {
  const byName = new Map<string, { amount: bigint; count: number }>();
  for (const { name, amount, count = 1 } of parts) {
    const before = byName.get(name) ?? { amount: 0n, count: 0 };
    byName.set(name, { amount: before.amount + amount, count: before.count + count });
  }
  return [...byName]
    .map(([name, { amount, count }]) => ({ name, amount: toDigits(amount), count }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const sumOf = (parts: readonly BridgePart[]): bigint => parts.reduce((sum, part) => sum + part.amount, 0n);

import type { StatementSums, StatementTotals } from '../contract/statement';

/** Totals of several files as of one. What one of them does not declare, all of them together do not. */
export function sumOfTotals(totals: readonly StatementTotals[]): StatementTotals {
  const headers = totals.flatMap(({ header }) => header ?? []);
  return {
    header: headers[0] ?? null,
    declared: summed(totals.map(({ declared }) => declared)),
    unread: summed(totals.map(({ unread }) => unread)),
    read: {
      lines: totals.reduce((sum, { read }) => sum + read.lines, 0),
      amount: totals.reduce((sum, { read }) => sum + read.amount, 0n),
      fee: totals.reduce((sum, { read }) => sum + read.fee, 0n),
    },
    unreadable: totals.reduce((sum, { unreadable }) => sum + unreadable, 0),
    agrees: totals.every(({ agrees }) => agrees),
    bytes: totals.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function summed(all: readonly (Partial<StatementSums> | null)[]): Partial<StatementSums> | null {
  const said = all.flatMap((one) => one ?? []);
  if (said.length < all.length) return null;
  const lines = said.flatMap((one) => one.lines ?? []);
  const [amounts, fees] = [said.flatMap((one) => one.amount ?? []), said.flatMap((one) => one.fee ?? [])];
  return {
    ...(lines.length === all.length ? { lines: lines.reduce((sum, one) => sum + one, 0) } : {}),
    ...(amounts.length === all.length ? { amount: amounts.reduce((sum, one) => sum + one, 0n) } : {}),
    ...(fees.length === all.length ? { fee: fees.reduce((sum, one) => sum + one, 0n) } : {}),
  };
}

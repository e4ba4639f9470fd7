import { createHash } from 'node:crypto';
import type { StatementItem } from './statement-files';

type Said = Pick<
  StatementItem,
  'kind' | 'ourRef' | 'providerTxnId' | 'origTxnId' | 'amount' | 'fee' | 'currency' | 'state'
>;

/**
 * Ids of lines that belong to no payment, the same on both sides: a break at reconciliation is the suspense item at
 * settlement. Made of what the line says and which of its equals it is, not of its place in the file: a replaced file with more
 * lines leaves it as it was.
 * @param items all such lines of the day's statement, in the order of the file
 */
export function standAloneIds(provider: string, day: string, items: readonly Said[]): string[] {
  const equals = new Map<string, number>();
  return items.map(({ kind, ourRef, providerTxnId, origTxnId, amount, fee, currency, state }) => {
    const said = JSON.stringify([
      ...[provider, day, kind, ourRef, providerTxnId, origTxnId],
      ...[amount, fee, currency, state],
    ]);
    const nth = (equals.get(said) ?? 0) + 1;
    equals.set(said, nth);
    return `${kind}/${createHash('sha256').update(`${said} ${nth}`).digest('hex').slice(0, 32)}`;
  });
}

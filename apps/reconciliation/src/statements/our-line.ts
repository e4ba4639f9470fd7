import type { StatementKind, StatementLine as ConnectorLine } from '@yidian/connectors/contract';
import type { LineKind, NamedKind, NamedLine, StatementLine } from './statement';

const BOOKED: Readonly<Partial<Record<StatementKind, LineKind>>> = {
  PAY: 'payment',
  REFUND: 'refund',
  REVERSAL: 'reversal',
};
const NAMED: Readonly<Partial<Record<StatementKind, NamedKind>>> = { FEE: 'fee', PAYOUT: 'payout', RETURN: 'return' };

/**
 * A connector's line in reconciliation's words. What the provider took back is judged with the refunds (row R5); what came
 * back to us is nobody's refund and stands for itself, or a rule would take a credit back because of money we got.
 */
export function ourLine(line: ConnectorLine): StatementLine | NamedLine {
  const { fileLine, offset, kind, ourNumber, providerTxnId, origTxnId, amount, fee, currency, raw } = line;
  const shared = {
    line: fileLine,
    ...(offset >= 0 ? { offset } : {}),
    ourRef: ourNumber,
    // An item's id is made of it: a bank that names no transaction must not make one of many.
    txnId: providerTxnId || ourNumber || `line-${fileLine}`,
    origTxnId,
    amount,
    fee,
    currency,
    at: line.occurredAt.toISOString(),
    state: line.state === 'SUCCESS' ? ('success' as const) : ('notice' as const),
    raw,
  };
  const booked = BOOKED[kind];
  if (booked) return { ...shared, kind: booked };
  if (kind === 'RETURN' && amount < 0n) return { ...shared, kind: 'refund', returned: true };
  return { ...shared, kind: NAMED[kind] ?? 'other' };
}

const BOOKED_KINDS: ReadonlySet<string> = new Set<LineKind>(['payment', 'refund', 'reversal']);

export const isNamed = (line: StatementLine | NamedLine): line is NamedLine => !BOOKED_KINDS.has(line.kind);

import type { Fact } from '../books/fact';
import type { StatementLine } from '../statements/statement';

/** A statement line of an earlier date, as an earlier run kept it. */
export interface PriorLine {
  itemId: string;
  date: string;
  kind: StatementLine['kind'];
  paymentNo: string;
  refNo: string;
  txnId: string;
  amount: bigint;
}

export interface MatchInput {
  provider: string;
  date: string;
  lines: readonly StatementLine[];
  /** Facts of this provider: books up to the date, and what lies beyond the cut up to the horizon. */
  facts: readonly Fact[];
  prior: readonly PriorLine[];
  /** Keys that carry an open item of an earlier date; judged again, never reported again. */
  carried: readonly string[];
}

/** Everything that any side says about one payment. */
export interface Group {
  key: string;
  /** Empty when nobody but the provider knows it. */
  paymentNo: string;
  lines: StatementLine[];
  prior: PriorLine[];
  gateway: Fact[];
  billing: Fact[];
}

/** Payment, attempt (two digits more), refund (R) or reversal (V): all begin with the payment's number. */
const OUR_NUMBER = /^(\d{20})([RV]?\d{2})?$/;

export const paymentOf = (ourRef: string): string | undefined => OUR_NUMBER.exec(ourRef)?.[1];

/** Group of a line that names no payment of ours. */
export const orphanKey = (txnId: string): string => `txn:${txnId}`;

/**
 * Whole keys together: duplicates, many-to-one and refunds are judged with all their lines at once.
 * Join: our number → refund number → the provider's transaction id → the transaction it returns.
 */
export function buildGroups(input: MatchInput): Map<string, Group> {
  const index = new JoinIndex(input);
  const groups = new Map<string, Group>();
  const group = (key: string): Group => {
    let found = groups.get(key);
    if (!found) {
      found = {
        key,
        paymentNo: key.startsWith('txn:') ? '' : key,
        lines: [],
        prior: [],
        gateway: [],
        billing: [],
      };
      groups.set(key, found);
    }
    return found;
  };
  for (const fact of input.facts) {
    const side = group(fact.paymentNo);
    (fact.service === 'gateway' ? side.gateway : side.billing).push(fact);
  }
  for (const line of input.prior) group(index.keyOfPrior(line)).prior.push(line);
  for (const line of input.lines) group(index.keyOf(line)).lines.push(line);
  for (const key of input.carried) group(key);
  return groups;
}

class JoinIndex {
  private readonly payments = new Set<string>();
  private readonly byRef = new Map<string, string>();
  /** Transactions as our books and earlier statements know them. */
  private readonly byTxn = new Map<string, string>();
  /** Transactions of this file's pay lines: a return names the payment it returns by them. */
  private readonly byPayLine = new Map<string, string>();

  constructor(input: MatchInput) {
    for (const fact of input.facts) {
      this.payments.add(fact.paymentNo);
      if (fact.service !== 'gateway') continue;
      if (fact.refNo) this.byRef.set(fact.refNo, fact.paymentNo);
      if (fact.kind === 'paid') addLeast(this.byTxn, fact.providerTxnId, fact.paymentNo);
    }
    for (const line of input.prior) {
      if (!line.paymentNo) continue;
      this.payments.add(line.paymentNo);
      if (line.kind === 'payment') addLeast(this.byTxn, line.txnId, line.paymentNo);
    }
    for (const line of input.lines) {
      if (line.kind === 'payment') addLeast(this.byPayLine, line.txnId, this.keyOf(line));
    }
  }

  keyOf(line: StatementLine): string {
    const pays = line.kind === 'payment';
    const number = paymentOf(line.ourRef);
    if (number !== undefined && this.payments.has(number)) return number;
    const txnId = pays ? line.txnId : line.origTxnId;
    const known =
      this.byRef.get(line.ourRef) ?? this.byTxn.get(txnId) ?? (pays ? undefined : this.byPayLine.get(txnId));
    if (known !== undefined) return known;
    if (number !== undefined && pays) return number;
    return orphanKey(pays ? line.txnId : line.origTxnId || line.txnId);
  }

  /** What nobody knew at its own date may since have become known by its transaction. */
  keyOfPrior(line: PriorLine): string {
    return line.paymentNo || (this.byTxn.get(line.txnId) ?? orphanKey(line.txnId));
  }
}

/** The least key wins where one transaction is claimed twice, so that the order of the input never decides. */
function addLeast(index: Map<string, string>, txnId: string, key: string): void {
  const before = index.get(txnId);
  if (txnId && (before === undefined || key < before)) index.set(txnId, key);
}

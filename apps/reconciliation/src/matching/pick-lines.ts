import type { Fact } from '../books/fact';
import { contentOf, type StatementLine } from '../statements/statement';
import type { Group, PriorLine } from './group';

/** The pay lines of one payment, sorted out. */
export interface PickedLines {
  /** The line that pays the payment: of this date, or of an earlier one. */
  kept: StatementLine | null;
  keptPrior: PriorLine | null;
  /** The same transaction with the same content again: counted in the file's totals, never posted. */
  duplicates: StatementLine[];
  /** The same transaction with other content. */
  conflicting: StatementLine[];
  /** Another transaction for the same payment. */
  extra: StatementLine[];
}

/** Independent of the order of the file: ties go by the provider's time, then transaction, then content. */
export function pickPayLines(group: Group, paid: readonly Fact[]): PickedLines {
  const pays = group.lines.filter((line) => line.kind === 'payment' && line.state === 'success');
  const prior = group.prior.filter((line) => line.kind === 'payment');
  const picked: PickedLines = { kept: null, keptPrior: null, duplicates: [], conflicting: [], extra: [] };
  const candidates: StatementLine[] = [];
  for (const lines of byTransaction(pays)) {
    const before = prior.find((line) => line.txnId === lines[0]?.txnId);
    const first = before ? null : chooseContent(lines, paid);
    if (first) candidates.push(first);
    for (const line of lines) {
      if (line === first) continue;
      const same = first ? contentOf(line) === contentOf(first) : before?.amount === line.amount;
      (same ? picked.duplicates : picked.conflicting).push(line);
    }
  }
  candidates.sort(byTimeThenId);
  const ours = candidates.find((line) => paid.some((fact) => fact.providerTxnId === line.txnId));
  picked.kept = ours ?? (prior.length > 0 ? null : (candidates[0] ?? null));
  picked.keptPrior = picked.kept ? null : (prior[0] ?? null);
  picked.extra = candidates.filter((line) => line !== picked.kept);
  return picked;
}

function byTransaction(lines: readonly StatementLine[]): StatementLine[][] {
  const byTxn = new Map<string, StatementLine[]>();
  for (const line of lines) byTxn.set(line.txnId, [...(byTxn.get(line.txnId) ?? []), line]);
  return [...byTxn.values()].map((same) => same.sort(byTimeThenId));
}

/** Of contradicting lines with one transaction id the one that agrees with our books stands, else the first. */
function chooseContent(lines: readonly StatementLine[], paid: readonly Fact[]): StatementLine | null {
  return lines.find((line) => paid.some((fact) => fact.amount === line.amount)) ?? lines[0] ?? null;
}

function byTimeThenId(a: StatementLine, b: StatementLine): number {
  const left = `${a.at}\u001f${a.txnId}\u001f${contentOf(a)}`;
  const right = `${b.at}\u001f${b.txnId}\u001f${contentOf(b)}`;
  return left < right ? -1 : left > right ? 1 : a.line - b.line;
}

import type { Fact } from '../books/fact';
import { contentOf, type StatementLine } from '../statements/statement';
import type { GroupPaper } from './group-paper';
import type { Case } from './case';
import { paidFactOf } from './judge-payment';

/**
 * Splits each group's share of (statement − book of the date) into named differences. Every line of the file and every fact
 * of the book is used exactly once: what is forgotten here shows as the bridge's residual.
 */
export function paymentParts(open: Case, paper: GroupPaper): void {
  const { picked, books, date } = open;
  const unused = new Set(open.group.gateway.filter((fact) => fact.kind === 'paid' && fact.bookDate === date));
  const use = (line: StatementLine): Fact | undefined => {
    const fact = paidFactOf(line, [...unused]) ?? paidFactOf(line, books.paid);
    if (fact) unused.delete(fact);
    return fact;
  };
  if (picked.kept) {
    const fact = use(picked.kept);
    if (fact?.bookDate === date) paper.part('payments', 'amount_mismatch', picked.kept.amount - fact.amount);
    else paper.part('payments', fact ? 'other_date_book' : 'statement_only', picked.kept.amount);
  }
  for (const line of picked.extra) {
    const own = [...unused].find((fact) => fact.providerTxnId === line.txnId || fact.refNo === line.ourRef);
    if (own) unused.delete(own);
    paper.part('payments', 'duplicate_payment', line.amount - (own?.amount ?? 0n));
  }
  for (const line of picked.duplicates) paper.part('payments', 'duplicate_line', line.amount);
  for (const line of picked.conflicting) paper.part('payments', 'conflicting_line', line.amount);
  const name = picked.keptPrior ? 'other_date_statement' : books.g === 'V' ? 'reversed_not_shown' : 'book_only';
  for (const fact of unused) paper.part('payments', name, -fact.amount);
}

const RETURN_KINDS: readonly Fact['kind'][] = ['refunded', 'reversed', 'returned'];

/** Returned amounts are negative in the statement and positive in facts; the bridge counts both as negative. */
export function refundParts(open: Case, paper: GroupPaper): void {
  const { group, date } = open;
  const facts = group.gateway.filter((fact) => RETURN_KINDS.includes(fact.kind));
  const unused = new Set(facts.filter((fact) => fact.bookDate === date));
  const seen = new Set<string>();
  const lines = group.lines.filter((line) => line.kind !== 'payment' && line.state === 'success');
  for (const line of lines.sort((a, b) => (contentOf(a) < contentOf(b) ? -1 : 1))) {
    paper.part('fees', 'return_lines', line.fee);
    const repeated = seen.has(contentOf(line));
    seen.add(contentOf(line));
    if (repeated) {
      paper.part('refunds', 'duplicate_line', line.amount);
      continue;
    }
    const fact = [...unused].find((own) => tells(own, line)) ?? facts.find((own) => tells(own, line));
    const ofToday = fact !== undefined && unused.delete(fact);
    if (ofToday) paper.part('refunds', 'amount_mismatch', line.amount + fact.amount);
    else paper.part('refunds', fact ? 'other_date_book' : 'statement_only', line.amount);
  }
  for (const fact of unused) paper.part('refunds', refundName(open, fact), fact.amount);
}

const tells = (fact: Fact, line: StatementLine): boolean =>
  fact.refNo === line.ourRef || (line.kind === 'reversal' && fact.kind === 'reversed');

function refundName(open: Case, fact: Fact): string {
  const before = open.group.prior.some(
    (line) => line.refNo === fact.refNo || (line.kind === 'reversal' && fact.kind === 'reversed'),
  );
  if (before) return 'other_date_statement';
  return fact.kind === 'reversed' ? 'reversed_not_shown' : 'book_only';
}

/** Second bridge: credits of billing's book against the payments of the gateway's. */
export function creditParts(open: Case, paper: GroupPaper): void {
  const { books, date, group } = open;
  const sum = (facts: readonly Fact[], kind: Fact['kind']) =>
    facts
      .filter((fact) => fact.kind === kind && fact.bookDate === date)
      .reduce((total, fact) => total + fact.amount, 0n);
  const credited = sum(group.billing, 'credited');
  const paid = sum(group.gateway, 'paid');
  const creditedEver = group.billing.some((fact) => fact.kind === 'credited');
  if (credited !== 0n && paid !== 0n) return paper.part('credits', 'amount_mismatch', credited - paid);
  if (credited !== 0n)
    return paper.part('credits', books.paid.length > 0 ? 'other_date_credits' : 'unpaid_credit', credited);
  paper.part('credits', creditedEver ? 'other_date_credits' : books.g === 'F' ? 'given_back' : 'uncredited', -paid);
}

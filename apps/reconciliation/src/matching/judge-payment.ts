import type { BreakClass } from '@yidian/contracts';
import type { Fact } from '../books/fact';
import type { StatementLine } from '../statements/statement';
import type { GroupPaper } from './group-paper';
import type { Case } from './case';
import { decidePayment } from './payment-table';
import { BOOK, type Item } from './result';
import { feeVerdict, valueDifference } from './value-table';
import type { Verdict } from './verdict';
import { B_WORDS, G_WORDS } from './words';

/** The pay leg: its row of the table, then every way in which sides that are there disagree. */
export function judgePayment(open: Case, paper: GroupPaper): void {
  const { books, picked, pair } = open;
  const shown = !pair && (picked.kept !== null || picked.keptPrior !== null);
  const verdict = decidePayment(shown ? 'S' : '–', books.g, books.b);
  const reversedByProvider = pair && books.g === 'K';
  const differences = picked.kept && !pair ? valueDifferences(open, picked.kept) : [];
  const item = picked.kept && payItem(open, paper, verdict, differences);
  if (verdict && !reversedByProvider) reportPayment(open, paper, verdict, item);
  if (isSettled(verdict) || anchor(open) === open.date || reversedByProvider) paper.close('payment', '');
  for (const cls of differences) reportValue(open, paper, cls, item);
  if (item) judgeFee(open, paper, item);
  reportLines(open, paper);
}

const isSettled = (verdict: Verdict | undefined): boolean =>
  verdict === undefined || verdict.class === 'matched' || verdict.class === 'none';

/** The date this pay leg belongs to: the statement's where it shows the payment, else that of the book which tells its state. */
export function anchor(open: Case): string {
  const { picked, books, reversals, date } = open;
  if (picked.kept || reversals.length > 0) return date;
  return picked.keptPrior?.date ?? books.since;
}

/** The fact that this line pays: by transaction, by attempt, else the only one. */
export function paidFactOf(line: StatementLine, paid: readonly Fact[]): Fact | undefined {
  return (
    paid.find((fact) => fact.providerTxnId === line.txnId) ??
    paid.find((fact) => fact.refNo === line.ourRef) ??
    (paid.length === 1 ? paid[0] : undefined)
  );
}

function payItem(open: Case, paper: GroupPaper, verdict: Verdict | undefined, differences: BreakClass[]): Item | null {
  const { picked, books, date, pair } = open;
  if (!picked.kept) return null;
  const fact = paidFactOf(picked.kept, books.paid);
  const due = !pair && verdict?.row === '1' && differences.length === 0;
  const cancels = pair && books.g === 'V' && verdict?.class === 'matched';
  const late = due && fact !== undefined && fact.bookDate !== date;
  const row = isSettled(verdict) || pair ? 'matched' : (verdict?.class ?? 'matched');
  const cls = row === 'matched' && differences[0] ? differences[0] : row;
  return paper.item(picked.kept, late ? 'date_mismatch' : cls, due || cancels);
}

/** Differences that keep the line from its branch until somebody has looked. */
function valueDifferences(open: Case, line: StatementLine): BreakClass[] {
  const { books } = open;
  const fact = paidFactOf(line, books.paid);
  if (!fact) return [];
  const found: BreakClass[] = [];
  const faceDiffers = books.g === 'K' && books.b === '+' && books.credited !== fact.amount;
  if (line.amount !== fact.amount || faceDiffers) found.push('amount_mismatch');
  if (books.creditedBranch && fact.branch !== books.creditedBranch) found.push('branch_mismatch');
  const ourAttempt = line.ourRef.length === 22;
  if (ourAttempt && fact.providerTxnId && fact.providerTxnId !== line.txnId) found.push('reference_mismatch');
  return found;
}

function reportPayment(open: Case, paper: GroupPaper, verdict: Verdict, item: Item | null): void {
  const { picked, books, date } = open;
  if (isSettled(verdict) || anchor(open) !== date) return;
  const p = open.pair ? null : (picked.kept?.amount ?? picked.keptPrior?.amount ?? null);
  const g = firstAmount(open.books.paid) ?? firstAmount(open.group.gateway);
  const b = books.credited > 0n ? books.credited : null;
  const credit = books.b === '+' ? books.credited : 0n;
  const atStake = (p ?? 0n) - credit || (p ?? 0n) - (g ?? 0n);
  paper.finding({
    kind: 'payment',
    leg: '',
    verdict: books.beyondCut ? { ...verdict, wait: Math.max(1, verdict.wait ?? 0) } : verdict,
    line: picked.kept,
    item,
    txnId: picked.kept?.txnId ?? books.paid[0]?.providerTxnId ?? '',
    atStake,
    p: [p, p === null ? null : 'success'],
    g: [g, G_WORDS[books.g]],
    b: [b, B_WORDS[books.b]],
  });
}

const firstAmount = (facts: readonly Fact[]): bigint | null => facts[0]?.amount ?? null;

function reportValue(open: Case, paper: GroupPaper, cls: BreakClass, item: Item | null): void {
  const { picked, books } = open;
  const fact = picked.kept ? paidFactOf(picked.kept, books.paid) : undefined;
  const p = picked.kept?.amount ?? 0n;
  const g = fact?.amount ?? null;
  paper.finding({
    kind: 'value',
    leg: cls,
    verdict: valueDifference(cls),
    line: picked.kept,
    item,
    atStake: p - (g ?? 0n) || (g ?? 0n) - books.credited || p,
    p: [p, 'success'],
    g: [g, G_WORDS[books.g]],
    b: [books.credited, B_WORDS[books.b]],
  });
}

/**
 * Fees are compared on matched lines only: elsewhere the channel, and so the contract's fee, is not known for sure. A payment
 * that the statement shows together with its reversal owes none.
 */
function judgeFee(open: Case, paper: GroupPaper, item: Item): void {
  const line = open.picked.kept;
  if (!line) return;
  const contract = open.pair ? 0n : open.quote({ amount: line.amount, channel: item.channel, branch: item.branch });
  const quote = item.matched ? contract : undefined;
  if (quote === undefined) return paper.part('fees', 'unmatched_lines', line.fee);
  paper.part('fees', BOOK, quote);
  if (line.fee === quote) return;
  paper.part('fees', 'fee_mismatch', line.fee - quote);
  if (item.class === 'matched') item.class = 'fee_mismatch';
  paper.finding({
    kind: 'value',
    leg: 'fee_mismatch',
    verdict: feeVerdict(line.fee - quote, open.feeTolerance),
    line,
    item,
    atStake: quote - line.fee,
    p: [line.fee, 'success'],
    g: [quote, 'contract'],
    b: [null, null],
  });
}

/** Lines beside the one that pays. A duplicate is counted in the file's totals and never posted: it makes no item. */
function reportLines(open: Case, paper: GroupPaper): void {
  const { picked } = open;
  const report = (line: StatementLine, cls: BreakClass, item: Item | null) => {
    paper.finding({
      kind: 'line',
      leg: `${cls}:${line.txnId}`,
      verdict: valueDifference(cls),
      line,
      item,
      atStake: line.amount,
      p: [line.amount, 'success'],
      g: [null, G_WORDS[open.books.g]],
      b: [null, B_WORDS[open.books.b]],
    });
    if (cls !== 'currency_mismatch') paper.part('fees', cls, line.fee);
  };
  for (const line of picked.duplicates) report(line, 'duplicate_line', null);
  for (const line of open.foreign) report(line, 'currency_mismatch', null);
  for (const line of picked.conflicting) report(line, 'conflicting_line', paper.item(line, 'conflicting_line', false));
  for (const line of picked.extra) report(line, 'duplicate_payment', paper.item(line, 'duplicate_payment', false));
}

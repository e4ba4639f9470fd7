import { contentOf, type StatementLine } from '../statements/statement';
import type { PriorLine } from './group';
import type { GroupPaper } from './group-paper';
import type { Case } from './case';
import type { RefundOfBook } from './payment-state';
import { decideRefund, type RefundDebit, type RefundLine, type RefundState } from './refund-table';
import { valueDifference } from './value-table';
import { B_WORDS } from './words';

/** One refund, reversal or return as all sides know it. */
interface Leg {
  no: string;
  line: StatementLine | null;
  prior: PriorLine | null;
  refund: RefundOfBook | null;
  strayDate: string | null;
  strayAmount: bigint;
}

export function judgeRefunds(open: Case, paper: GroupPaper): void {
  judgeReversals(open, paper);
  const legs = legsOf(open, paper);
  let returned = open.group.prior.filter((line) => line.kind === 'refund').reduce((sum, line) => sum - line.amount, 0n);
  for (const leg of legs) {
    if (leg.line) returned -= leg.line.amount;
    judgeLeg(open, paper, leg, returned);
  }
}

/** Reversal lines: with their payment they cancel; alone, or against a payment we count as paid, they are findings. */
function judgeReversals(open: Case, paper: GroupPaper): void {
  const { books, picked, pair, reversals } = open;
  for (const line of withoutRepeats(open, paper, reversals)) {
    const seen: RefundLine = !pair
      ? 'reversal_alone'
      : books.g === 'K'
        ? 'pair_of_paid'
        : picked.kept
          ? 'pair'
          : 'reversal_after';
    const verdict = decideRefund(seen, 'reversed', '±');
    const item = paper.item(
      line,
      verdict?.class ?? 'matched',
      verdict?.class === 'matched' && open.group.paymentNo !== '',
    );
    if (!verdict || verdict.class === 'matched') continue;
    paper.finding({
      kind: 'refund',
      leg: line.txnId,
      verdict,
      line,
      item,
      atStake: line.amount,
      p: [line.amount, 'success'],
      g: [books.paid[0]?.amount ?? null, books.g === 'V' ? 'reversed' : null],
      b: [books.credited || null, B_WORDS[books.b]],
    });
  }
}

function judgeLeg(open: Case, paper: GroupPaper, leg: Leg, returned: bigint): void {
  const { date } = open;
  const g: RefundState = leg.refund?.state ?? '–';
  const verdict = decideRefund(shownAs(open, leg, returned), g, debitOf(open, leg));
  const settled = verdict === undefined || verdict.class === 'matched';
  const item = leg.line && paper.item(leg.line, verdict?.class ?? 'matched', settled);
  const dated = leg.line ? date : (leg.prior?.date ?? leg.refund?.bookDate ?? leg.strayDate);
  if (settled || dated === date || leg.prior) paper.close('refund', leg.no);
  if (settled || dated !== date || (leg.prior && !leg.line)) return;
  const p = leg.line ? -leg.line.amount : null;
  const debited = debitOf(open, leg) === 'posted';
  const b = debited ? (leg.refund?.amount ?? leg.strayAmount) : null;
  paper.finding({
    kind: 'refund',
    leg: leg.no,
    verdict,
    refNo: leg.line?.ourRef ?? leg.no,
    line: leg.line,
    item,
    atStake: (b ?? 0n) - (p ?? 0n) || -(p ?? leg.refund?.amount ?? 0n),
    p: [p, leg.line?.state ?? null],
    g: [leg.refund?.amount ?? null, leg.refund?.state ?? null],
    b: [b, debited ? 'taken_back' : null],
  });
}

function shownAs(open: Case, leg: Leg, returned: bigint): RefundLine {
  const { picked, books } = open;
  if (!leg.line) return 'absent';
  if (leg.line.state === 'notice') return 'notice';
  const charged = picked.kept?.amount ?? picked.keptPrior?.amount;
  if (charged === undefined) return 'never_paid';
  const paid = books.paid[0]?.amount ?? charged;
  if (-leg.line.amount > paid || returned > paid) return 'too_much';
  return leg.refund && leg.refund.amount !== -leg.line.amount ? 'other_amount' : 'line';
}

/** Where no credit stands, nothing had to be taken back. */
function debitOf(open: Case, leg: Leg): RefundDebit {
  if (leg.refund?.debited || leg.strayDate !== null) return 'posted';
  if (leg.refund && (open.books.g === 'F' || open.books.b !== '+') && leg.refund.state !== 'failed') return 'posted';
  return leg.refund?.state === 'requested' ? 'hold' : 'none';
}

function legsOf(open: Case, paper: GroupPaper): Leg[] {
  const { group, books, reversals } = open;
  const legs = new Map<string, Leg>();
  const leg = (no: string): Leg => {
    const found = legs.get(no) ?? { no, line: null, prior: null, refund: null, strayDate: null, strayAmount: 0n };
    legs.set(no, found);
    return found;
  };
  for (const refund of books.refunds) leg(refund.refNo).refund = refund;
  for (const debit of books.strayDebits) {
    const stray = leg(debit.refNo);
    stray.strayDate = debit.bookDate;
    stray.strayAmount = debit.amount;
  }
  for (const line of group.prior) if (line.kind === 'refund') leg(line.refNo).prior = line;
  const lines = group.lines.filter((line) => line.kind !== 'payment' && !reversals.includes(line));
  for (const line of withoutRepeats(open, paper, lines)) {
    const known = leg(line.ourRef || line.txnId);
    // A second transaction under one refund number is money given back twice: a leg of its own, judged by its sum.
    if (known.line) leg(line.txnId).line = line;
    else known.line = line;
  }
  return [...legs.values()].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

const orderOf = (leg: Leg): string => `${leg.line?.at ?? ''}\u001f${leg.no}`;

function withoutRepeats(open: Case, paper: GroupPaper, lines: readonly StatementLine[]): StatementLine[] {
  const first = new Map<string, StatementLine>();
  const kept: StatementLine[] = [];
  for (const line of [...lines].sort((a, b) => (contentOf(a) < contentOf(b) ? -1 : 1))) {
    const before = first.get(line.txnId);
    if (before === undefined || contentOf(before) !== contentOf(line)) kept.push(line);
    else reportRepeat(open, paper, line);
    first.set(line.txnId, before ?? line);
  }
  return kept;
}

function reportRepeat(open: Case, paper: GroupPaper, line: StatementLine): void {
  paper.finding({
    kind: 'line',
    leg: `duplicate_line:${line.txnId}`,
    verdict: valueDifference('duplicate_line'),
    line,
    atStake: line.amount,
    p: [line.amount, line.state],
    g: [null, null],
    b: [null, B_WORDS[open.books.b]],
  });
}

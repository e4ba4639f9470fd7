import type { StatementLine } from '../statements/statement';
import type { Group } from './group';
import { bookState, type BookState } from './payment-state';
import { pickPayLines, type PickedLines } from './pick-lines';

/** What says which line of the contract prices a payment; the amount is in minor units. */
export interface FeeQuestion {
  amount: bigint;
  channel: string;
  /** Home branch: a province may have a price of its own. */
  branch: string;
}

/** One group with everything its judges look at. */
export interface Case {
  provider: string;
  date: string;
  /** Its lines are of our currency; those of another are apart. */
  group: Group;
  foreign: StatementLine[];
  books: BookState;
  picked: PickedLines;
  /** Reversal lines of this date. */
  reversals: StatementLine[];
  /** The statement shows payment and reversal: the pair cancels. */
  pair: boolean;
  /** Contract fee of a line; undefined while it is not needed or not known. */
  quote: (question: FeeQuestion) => bigint | undefined;
  feeTolerance: bigint;
  /** Dates an item may wait, where the provider's profile differs from the table. */
  waits: Readonly<Record<string, number>>;
  allowsReturns: boolean;
}

export type CaseOptions = Pick<Case, 'provider' | 'date' | 'quote' | 'feeTolerance' | 'waits' | 'allowsReturns'>;

export function openCase(whole: Group, options: CaseOptions): Case {
  const group = { ...whole, lines: whole.lines.filter((line) => line.currency === 'CNY') };
  const foreign = whole.lines.filter((line) => line.currency !== 'CNY');
  const books = bookState(group, options.date);
  const picked = pickPayLines(group, books.paid);
  const reversals = group.lines.filter(
    (line) => line.kind === 'reversal' && line.state === 'success' && !refundUnderWay(books, line.ourRef),
  );
  const reversedBefore = group.prior.some((line) => line.kind === 'reversal');
  const shown = picked.kept !== null || picked.keptPrior !== null;
  const pair = shown && (reversals.length > 0 || reversedBefore);
  return { ...options, group, foreign, books, picked, reversals, pair };
}

/** A reversal that our book has asked for and not seen the end of is judged like a refund under way. */
const refundUnderWay = (books: BookState, refNo: string): boolean =>
  books.refunds.some((refund) => refund.refNo === refNo);

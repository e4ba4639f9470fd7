import { Injectable } from '@nestjs/common';
import type { VectorEntry } from '@yidian/contracts';
import { BooksStore, type FrozenBook } from '../books/books.store';
import type { BookService, Fact } from '../books/fact';
import type { StatementLine } from '../statements/statement';
import { hashOf } from './identity';
import { paymentOf, type MatchInput } from './group';
import { ReadMatched } from './read-matched';
import { RunsStore } from './runs.store';

export interface LoadedDay {
  input: MatchInput;
  /** Over what earlier runs said of the same payments. */
  priorHash: string;
}

/** Gathers everything any side ever said about the payments that this date touches. */
@Injectable()
export class LoadDay {
  constructor(
    private readonly books: BooksStore,
    private readonly runs: RunsStore,
    private readonly matched: ReadMatched,
  ) {}

  /**
   * @param carried group keys of open items of earlier dates
   * @param numbers payments of the book that are looked at beside those of the lines
   */
  async execute(
    provider: string,
    date: string,
    lines: readonly StatementLine[],
    frozen: Record<BookService, FrozenBook>,
    carried: readonly string[],
    numbers: readonly string[],
  ): Promise<LoadedDay> {
    const orphans = carried.filter((key) => key.startsWith('txn:')).map((key) => key.slice(4));
    const known = carried.filter((key) => !key.startsWith('txn:'));
    const txnIds = [...new Set([...orphans, ...lines.flatMap((line) => [line.txnId, line.origTxnId])])].filter(Boolean);
    const refs = lines.filter((line) => paymentOf(line.ourRef) === undefined);
    const joined = [
      ...(await this.books.factsOfRefs(provider, [...new Set(refs.map((line) => line.ourRef))].filter(Boolean))),
      ...(await this.books.factsOfTransactions(provider, txnIds)),
    ];
    const named = lines.flatMap((line) => paymentOf(line.ourRef) ?? []);
    const paymentNos = [...new Set([...known, ...named, ...numbers, ...joined.map((fact) => fact.paymentNo)])].sort();
    const facts = (await this.books.factsOfPayments(provider, paymentNos)).filter(withinHorizon(date, frozen));
    const prior = [
      ...(await this.runs.priorLines(provider, date, { paymentNos, txnIds })),
      ...(await this.matched.priorLines(provider, date, { paymentNos, txnIds: unknownTo(facts, lines) })),
    ];
    const priorHash = hashOf(
      ...prior.map((line) => hashOf(line.itemId, line.date, line.paymentNo, String(line.amount))),
    );
    return { input: { provider, date, lines, facts, prior, carried }, priorHash };
  }
}

/** Transactions that returns undo and that no fact names: an earlier statement may have shown them. */
function unknownTo(facts: readonly Fact[], lines: readonly StatementLine[]): string[] {
  const named = new Set(facts.map((fact) => fact.providerTxnId));
  const shown = new Set(lines.filter((line) => line.kind === 'payment').map((line) => line.txnId));
  const undone = lines.filter((line) => line.kind !== 'payment' && paymentOf(line.ourRef) === undefined);
  return [...new Set(undone.map((line) => line.origTxnId))].filter(
    (txnId) => txnId !== '' && !named.has(txnId) && !shown.has(txnId),
  );
}

/** Books up to the date are frozen; beyond them only what the lanes held when the horizon was read. */
function withinHorizon(date: string, frozen: Record<BookService, FrozenBook>): (fact: Fact) => boolean {
  const ends = (vector: readonly VectorEntry[] | null) =>
    new Map((vector ?? []).map(({ laneId, seq }) => [laneId, BigInt(seq)]));
  const horizon = { gateway: ends(frozen.gateway.horizon), billing: ends(frozen.billing.horizon) };
  return (fact) => fact.bookDate <= date || fact.seq <= (horizon[fact.service].get(fact.laneId) ?? -1n);
}

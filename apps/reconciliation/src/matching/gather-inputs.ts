import { Injectable } from '@nestjs/common';
import { BooksStore, type FrozenBook, type Totals } from '../books/books.store';
import { BreaksStore } from '../breaks/breaks.store';
import { KnownProviders, type KnownProvider } from '../providers/known-providers';
import { ReadStatement } from '../statements/read-statement';
import type { ParsedStatement, StatementTotals } from '../statements/statement';
import { StatementsStore, type StatementFile } from '../statements/statements.store';
import { LoadDay, type LoadedDay } from './load-day';

export type CompleteBook = FrozenBook & { totals: Totals };

/** Everything a run is made of; its hashes are the run's name. */
export interface Inputs {
  file: StatementFile;
  totals: StatementTotals;
  parsed: ParsedStatement;
  gateway: CompleteBook;
  billing: CompleteBook;
  info: KnownProvider;
  loaded: LoadedDay;
}

@Injectable()
export class GatherInputs {
  constructor(
    private readonly books: BooksStore,
    private readonly statements: StatementsStore,
    private readonly read: ReadStatement,
    private readonly day: LoadDay,
    private readonly breaks: BreaksStore,
    private readonly providers: KnownProviders,
  ) {}

  /** Null while a book is not frozen and compared with its source, or the statement is not read. */
  async execute(provider: string, date: string): Promise<Inputs | null> {
    const file = await this.statements.current(provider, date);
    const books = await this.books.books(provider, date);
    const gateway = complete(books.gateway);
    const billing = complete(books.billing);
    if (!file?.totals || !gateway || !billing) return null;
    const info = await this.providers.get(provider);
    const parsed = await this.read.execute(file, info.connector);
    const carried = await this.breaks.carriedKeys(provider, date);
    const loaded = await this.day.execute(provider, date, parsed.lines, { gateway, billing }, carried);
    return { file, totals: file.totals, parsed, gateway, billing, info, loaded };
  }
}

const complete = (book: FrozenBook | undefined): CompleteBook | null =>
  book?.totals ? { ...book, totals: book.totals } : null;

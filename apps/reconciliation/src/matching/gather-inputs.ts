import { Injectable } from '@nestjs/common';
import { BooksStore, type FrozenBook, type Totals } from '../books/books.store';
import { BreaksStore } from '../breaks/breaks.store';
import { KnownProviders, type KnownProvider } from '../providers/known-providers';
import type { StatementTotals } from '../statements/statement';
import { StatementsStore, type StatementFile } from '../statements/statements.store';

export type CompleteBook = FrozenBook & { totals: Totals };

/** What a run is made of, before any line of it is read. */
export interface Inputs {
  provider: string;
  date: string;
  file: StatementFile;
  totals: StatementTotals;
  gateway: CompleteBook;
  billing: CompleteBook;
  info: KnownProvider;
  /** Group keys of open items of earlier dates. */
  carried: string[];
}

@Injectable()
export class GatherInputs {
  constructor(
    private readonly books: BooksStore,
    private readonly statements: StatementsStore,
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
    const carried = await this.breaks.carriedKeys(provider, date);
    return { provider, date, file, totals: file.totals, gateway, billing, info, carried };
  }
}

const complete = (book: FrozenBook | undefined): CompleteBook | null =>
  book?.totals ? { ...book, totals: book.totals } : null;

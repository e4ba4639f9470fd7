import { Injectable } from '@nestjs/common';
import { HashKeyStore } from '../books/hash-key.store';
import { SealBooks } from '../books/seal-books';
import { EngineLooks } from './engine-looks';
import { workersFor } from './engine/engine-pool';
import { MatchEngine, type EngineOrder, type EngineResult } from './engine/match-engine';
import type { SealedBook } from './engine/seal-book';
import type { CompleteBook, Inputs } from './gather-inputs';

/** The engine on a day's sealed books and one file of lines. */
@Injectable()
export class RunEngine {
  constructor(
    private readonly seal: SealBooks,
    private readonly key: HashKeyStore,
    private readonly looks: EngineLooks,
  ) {}

  /** @throws Error when a book does not hold what its source says of it */
  async execute(
    inputs: Inputs,
    folder: string,
    statement: EngineOrder['statement'],
    share: (share: number) => void,
  ): Promise<EngineResult> {
    const { provider, date, carried, gateway, billing, totals } = inputs;
    const engine = new MatchEngine({
      ...{ provider, date, folder, statement, share },
      hashKey: await this.key.get(),
      books: [await this.book(inputs, gateway), await this.book(inputs, billing)],
      touched: await this.looks.touched(provider, date, carried),
      fees: this.looks.fees(provider, date),
      workers: workersFor(totals.lines),
    });
    return engine.run();
  }

  private async book({ provider, date }: Inputs, book: CompleteBook): Promise<SealedBook> {
    const sealed = await this.seal.execute(provider, date, book);
    if (!sealed) throw new Error(`the book of ${book.service} does not hold what its source says`);
    return sealed;
  }
}

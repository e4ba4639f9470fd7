import { Injectable } from '@nestjs/common';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { done, failed, type StepOutcome, type StepRow, type StepWork } from '../close/step-work';
import { hashOf } from '../matching/identity';
import { Peers } from '../peers';
import { BooksStore, type Totals } from './books.store';
import { BOOK_SERVICES } from './fact';
import { LoadBooks } from './load-books';
import { PullBooks } from './pull-books';
import { SealBooks } from './seal-books';

/**
 * Step `pull`: everything up to the vectors is here and loaded, its sums per kind are those that the sources recompute now, and
 * the book is sealed for matching before any statement is there.
 */
@Injectable()
export class CompleteBooks implements StepWork {
  readonly name = 'pull';

  constructor(
    private readonly store: BooksStore,
    private readonly peers: Peers,
    private readonly pull: PullBooks,
    private readonly load: LoadBooks,
    private readonly seal: SealBooks,
    private readonly alarm: RaiseAlarm,
  ) {}

  async run({ provider, date }: StepRow): Promise<StepOutcome> {
    const books = await this.store.books(provider, date);
    const hashes: string[] = [];
    for (const service of BOOK_SERVICES) {
      const book = books[service];
      if (!book?.horizon) return failed(`the book of ${service} is not frozen`);
      const ends = [...book.vector, ...book.horizon];
      await this.pull.upTo(service, ends);
      await this.load.upTo(service, ends);
      const source = (await this.peers.books(service, 'books.totals', { provider, date })).totals;
      const pulled = await this.store.sums(provider, date, service);
      if (told(source) !== told(pulled)) {
        const detail = `totals of ${service} differ: source ${told(source)}, pulled ${told(pulled)}`;
        await this.alarm.execute({ kind: 'book_totals', provider, date, detail });
        return failed(detail);
      }
      await this.store.saveTotals(provider, date, service, source);
      hashes.push(told(source));
      await this.seal.execute(provider, date, { ...book, totals: source });
    }
    return done(hashOf(...hashes));
  }
}

/** Kinds without rows do not count: a source may name them with zero. */
function told(totals: Totals): string {
  return totals
    .filter((line) => line.count > 0)
    .map((line) => `${line.kind} ${line.count} ${line.amount}`)
    .sort()
    .join(', ');
}

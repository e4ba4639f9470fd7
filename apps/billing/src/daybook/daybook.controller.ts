import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  booksCut,
  booksLanes,
  booksOpenDate,
  booksPull,
  booksTotals,
  booksVector,
  type ReplyOf,
} from '@yidian/contracts';
import { Books } from '@yidian/journal';
import { Frames } from '../rpc/frames';
import { KnownProviders } from './known-providers';

/** The credit book, spoken as every book is. */
@Controller()
export class DaybookController {
  constructor(
    private readonly frames: Frames,
    private readonly books: Books,
    private readonly providers: KnownProviders,
  ) {}

  /** A provider never credited has an empty book: it opens with the date to be cut. */
  @MessagePattern('books.cut')
  cut(@Payload() request: unknown): Promise<ReplyOf<'billing', 'books.cut'>> {
    return this.frames.answer(booksCut, request, async ({ provider, date }) => {
      await this.providers.meet([provider], date);
      return this.books.cut(provider, date);
    });
  }

  @MessagePattern('books.vector')
  vector(@Payload() request: unknown): Promise<ReplyOf<'billing', 'books.vector'>> {
    return this.frames.answer(booksVector, request, ({ provider, date }) => this.books.vector(provider, date));
  }

  @MessagePattern('books.lanes')
  lanes(@Payload() request: unknown): Promise<ReplyOf<'billing', 'books.lanes'>> {
    return this.frames.answer(booksLanes, request, () => this.books.lanes());
  }

  @MessagePattern('books.pull')
  pull(@Payload() request: unknown): Promise<ReplyOf<'billing', 'books.pull'>> {
    return this.frames.answer(booksPull, request, ({ laneId, after, limit }) =>
      this.books.pull(laneId, BigInt(after), limit),
    );
  }

  @MessagePattern('books.totals')
  totals(@Payload() request: unknown): Promise<ReplyOf<'billing', 'books.totals'>> {
    return this.frames.answer(booksTotals, request, ({ provider, date }) => this.books.totals(provider, date));
  }

  @MessagePattern('books.openDate')
  openDate(@Payload() request: unknown): Promise<ReplyOf<'billing', 'books.openDate'>> {
    return this.frames.answer(booksOpenDate, request, async ({ provider }) => {
      await this.providers.meet([provider]);
      return this.books.openDate(provider);
    });
  }
}

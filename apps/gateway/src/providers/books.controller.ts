import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import {
  booksCut,
  booksOpenDate,
  booksPull,
  booksTotals,
  booksVector,
  type CutReply,
  type LanesReply,
  type OpenDateReply,
  type PullReply,
  type TotalsReply,
} from '@yidian/contracts';
import { Books } from '@yidian/journal';

/** RPC: the payment book, frozen by epoch and pulled by lane. */
@Controller()
export class BooksController {
  constructor(private readonly books: Books) {}

  @MessagePattern('books.cut')
  cut(request: unknown): Promise<CutReply> {
    const { provider, date } = booksCut.parse(request);
    return this.books.cut(provider, date);
  }

  @MessagePattern('books.vector')
  vector(request: unknown): Promise<CutReply | null> {
    const { provider, date } = booksVector.parse(request);
    return this.books.vector(provider, date);
  }

  @MessagePattern('books.lanes')
  lanes(): Promise<LanesReply> {
    return this.books.lanes();
  }

  @MessagePattern('books.pull')
  pull(request: unknown): Promise<PullReply> {
    const { laneId, after, limit } = booksPull.parse(request);
    return this.books.pull(laneId, BigInt(after), limit);
  }

  @MessagePattern('books.totals')
  totals(request: unknown): Promise<TotalsReply> {
    const { provider, date } = booksTotals.parse(request);
    return this.books.totals(provider, date);
  }

  @MessagePattern('books.openDate')
  openDate(request: unknown): Promise<OpenDateReply> {
    const { provider } = booksOpenDate.parse(request);
    return this.books.openDate(provider);
  }
}

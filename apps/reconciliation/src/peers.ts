import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ReplyOf, RequestOf } from '@yidian/contracts';
import { RpcClient } from '@yidian/messaging';
import type { BookService } from './books/fact';

type BooksPattern = 'books.cut' | 'books.lanes' | 'books.pull' | 'books.totals';

export interface Endpoint {
  host: string;
  port: number;
}

/** Books may be large and a cut waits for lanes; nothing here is asked by a person who waits. */
const TIMEOUT_MS = 20_000;

/** Sums are read along a whole day of every lane. */
const TOTALS_TIMEOUT_MS = 300_000;

/** The services that are asked: owners of the books, and of every write door a resolution goes through. */
@Injectable()
export class Peers implements OnApplicationShutdown {
  readonly gateway: RpcClient<'gateway'>;
  readonly billing: RpcClient<'billing'>;
  readonly settlement: RpcClient<'settlement'>;

  constructor(places: { gateway: Endpoint; billing: Endpoint; settlement: Endpoint }) {
    this.gateway = new RpcClient('gateway', places.gateway.host, places.gateway.port, TIMEOUT_MS);
    this.billing = new RpcClient('billing', places.billing.host, places.billing.port, TIMEOUT_MS);
    this.settlement = new RpcClient('settlement', places.settlement.host, places.settlement.port, TIMEOUT_MS);
  }

  /** Both keepers of books speak alike. */
  books<P extends BooksPattern>(
    service: BookService,
    pattern: P,
    request: RequestOf<'gateway', P> & RequestOf<'billing', P>,
  ): Promise<ReplyOf<'gateway', P> | ReplyOf<'billing', P>> {
    const limit = pattern === 'books.totals' ? TOTALS_TIMEOUT_MS : TIMEOUT_MS;
    return service === 'gateway'
      ? this.gateway.call(pattern, request, limit)
      : this.billing.call(pattern, request, limit);
  }

  /** After the rooms have ended what they were doing. */
  onApplicationShutdown(): void {
    this.gateway.close();
    this.billing.close();
    this.settlement.close();
  }
}

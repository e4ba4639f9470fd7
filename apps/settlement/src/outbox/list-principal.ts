import { Injectable } from '@nestjs/common';
import { SealedLines } from '../items/sealed/sealed-lines';
import { PrincipalItemsStore, type PrincipalItem } from './principal-items.store';

const BACK = '-r';

export type Told = Pick<PrincipalItem, 'paymentNo' | 'amount'>;

/**
 * Whose payments a message to billing stands for: those in the sealed parts of its batch, then those that are listed as rows. Always
 * the same pages in the same order, because billing counts a page once.
 */
@Injectable()
export class ListPrincipal {
  constructor(
    private readonly rows: PrincipalItemsStore,
    private readonly sealed: SealedLines,
  ) {}

  /** @param key of the message: its batch and branch, and whether it is the batch's mirror image */
  async *told(key: string, branch: string): AsyncGenerator<Told[]> {
    const back = key.endsWith(BACK);
    const batchId = key.slice(0, -(branch.length + 1 + (back ? BACK.length : 0)));
    for await (const page of this.sealed.principal(batchId, branch))
      yield page.map(({ paymentNo, amount }) => ({ paymentNo, amount: back ? -amount : amount }));
    yield* this.rows.pages(key);
  }
}

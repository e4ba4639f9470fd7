/**
 * Brings what a province has decided into the ledger, once: keys are derived from the order's, so again is the same. Only
 * afterwards is the order booked, and only what is booked is told to anybody.
 */
import { Injectable } from '@nestjs/common';
import { Ledger } from '@yidian/ledger';
import { KnownProviders } from '../../daybook/known-providers';
import { creditEnd } from './credit.posting';
import { creditOf, takebackOf, type OrderRow } from './order';
import { OrdersStore } from './orders.store';
import { takebackEnd, takebackKey } from './takeback.posting';
import { Waiting } from './waiting';

@Injectable()
export class BookOrder {
  constructor(
    private readonly orders: OrdersStore,
    private readonly providers: KnownProviders,
    private readonly waiting: Waiting,
    private readonly ledger: Ledger,
  ) {}

  /** @throws whatever the write door throws; the order stays due */
  async execute(row: OrderRow): Promise<void> {
    if (row.kind === 'credit') await this.credit(row);
    if (row.kind === 'reversal') await this.takeback(row);
    if (row.kind === 'cancel' && row.state === 'done') await this.end(row, 'void');
    await this.orders.booked(row);
    this.waiting.ended(row.kind, row.refNo);
  }

  private async credit(row: OrderRow): Promise<void> {
    await this.providers.meet([creditOf(row).provider]);
    await this.ledger.resolve(creditEnd(row));
  }

  /** Taken by the province: a correction is carried out, a refund's or reversal's hold stands until the gateway ends it. */
  private async takeback(row: OrderRow): Promise<void> {
    const { purpose, credit } = takebackOf(row);
    if (row.state !== 'done') return this.end(row, 'void');
    if (purpose !== 'correction') return;
    await this.providers.meet([credit.provider]);
    await this.end(row, 'post');
  }

  private async end(row: OrderRow, action: 'post' | 'void'): Promise<void> {
    const [held] = await this.ledger.find([takebackKey(row)]);
    if (held) await this.ledger.resolve(takebackEnd(row, action, held.notes ?? {}));
  }
}

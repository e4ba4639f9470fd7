import { behaviour, type Behaviour } from '../bank/behaviour';
import type { UnionPayBook, UnionPayOrder } from './unionpay-book';
import type { UnionPayCourier } from './unionpay-courier';
import { orderNotice } from './unionpay-words';

const CODES: Readonly<Record<string, string>> = { insufficient_funds: '64', limit: '81' };

/** Between accepting an order and carrying it out, where nothing else is wished. */
const SOON_MS = 50;

/** Brings accepted orders to their effect when their time has come, whether or not the process lived through it. */
export class UnionPaySettler {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly book: UnionPayBook,
    private readonly courier: UnionPayCourier,
    private readonly merId: string,
  ) {
    for (const order of book.orders.values()) if (order.state === 'WORKING') this.schedule(order);
  }

  accepted(order: UnionPayOrder): void {
    if (behaviour(order.behaviour).forgedCallback) {
      const lie = { ...order, state: 'DONE' as const, ...this.book.moment() };
      this.courier.sendForged({ id: '', fields: orderNotice(lie, this.merId), url: order.notifyUrl, copies: 1 });
    }
    this.schedule(order);
  }

  /** The payer has paid at the page. */
  succeed(order: UnionPayOrder, copies: number): void {
    this.finish({ ...order, state: 'DONE' }, copies);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  static settlesAt(chosen: Behaviour): number {
    return Date.now() + (chosen.settlesAfterMs ?? SOON_MS);
  }

  private schedule(order: UnionPayOrder): void {
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        const chosen = behaviour(order.behaviour);
        const silent =
          chosen.silentQueries !== undefined || chosen.answer === 'hang' || chosen.answer === 'wrong_amount';
        const copies = silent ? chosen.callbacks : Math.max(1, chosen.callbacks);
        if (chosen.effect === 'take') return this.finish({ ...order, state: 'DONE' }, copies);
        this.finish({ ...order, state: 'REFUSED', code: CODES[chosen.reason ?? ''] ?? '62' }, copies);
      },
      Math.max(0, (order.settlesAt ?? 0) - Date.now()),
    );
    this.timers.add(timer);
  }

  private finish(order: UnionPayOrder, copies: number): void {
    const { settlesAt: _done, ...rest } = order;
    const finished: UnionPayOrder = { ...rest, ...this.book.moment() };
    this.book.put({ t: 'order', order: finished });
    if (copies === 0) return;
    const id = `${finished.no}-${finished.time}-${finished.state}`;
    this.courier.send({ id, fields: orderNotice(finished, this.merId), url: finished.notifyUrl, copies });
  }
}

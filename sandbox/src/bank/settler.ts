import type { BankBook, Order } from './bank-book';
import { type Behaviour, behaviour } from './behaviour';
import { orderBody } from './order-answer';

/** Tells our callers' door what became of an order, `copies` times under one event id; survives restarts. */
export interface Callbacks {
  send(event: { eventId: string; type: string; data: object }, copies: number): void;
  /** A lie, signed with a key that is not the bank's. */
  sendForged(event: { eventId: string; type: string; data: object }): void;
}

/** Brings pending orders to their effect when their time has come, whether or not the process lived through it. */
export class Settler {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly book: BankBook,
    private readonly callbacks: Callbacks,
  ) {
    for (const order of book.orders.values()) if (order.status === 'pending') this.schedule(order);
  }

  afterArrival(order: Order, chosen: Behaviour): void {
    if (chosen.forgedCallback) {
      const data = orderBody({ ...order, status: 'succeeded' });
      this.callbacks.sendForged({ eventId: `forged_${order.attemptNo}`, type: 'debit.succeeded', data });
    }
    if (order.status === 'pending') this.schedule(order);
    else if (chosen.callbacks > 0 && order.kind === 'debit') this.tell(order, chosen.callbacks);
  }

  /** Takes the money of an order now, whatever was said about it before (a late payment after a close). */
  succeed(order: Order, callbacks: number): void {
    this.finish({ ...order, status: 'succeeded' }, callbacks);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private schedule(order: Order): void {
    if (order.settlesAt === undefined) return;
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        const chosen = behaviour(order.behaviour);
        const status = chosen.effect === 'take' ? 'succeeded' : 'declined';
        const reason = chosen.reason === undefined ? {} : { reason: chosen.reason };
        this.finish({ ...order, status, ...reason }, chosen.callbacks);
      },
      Math.max(0, order.settlesAt - Date.now()),
    );
    this.timers.add(timer);
  }

  private finish(order: Order, callbacks: number): void {
    const { settlesAt: _done, ...rest } = order;
    const finished: Order = { ...rest, date: this.book.date, at: new Date().toISOString() };
    this.book.saveOrder(finished);
    if (callbacks > 0) this.tell(finished, callbacks);
  }

  private tell(order: Order, copies: number): void {
    const type = order.status === 'succeeded' ? 'debit.succeeded' : 'debit.declined';
    this.callbacks.send({ eventId: `${order.attemptNo}_${order.status}`, type, data: orderBody(order) }, copies);
  }
}

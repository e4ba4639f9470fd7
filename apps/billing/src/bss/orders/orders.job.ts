import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../../resources/logger';
import { Adapters, type Province } from '../adapters';
import { AdvanceOrder } from './advance-order';
import type { OrderRow } from './order';
import { DECIDED, type OrderState } from './order.states';
import { OrdersStore } from './orders.store';

const TICK_MS = 1_000;
const DRAIN_MS = 1_500;

/** What of one province is under way in this process: places for orders, for questions, for bookings. */
interface Desk {
  busy: Record<Work, number>;
  /** Orders taken up here; another look at the rows may find them due before they have moved. */
  held: Set<string>;
  pumping: boolean;
  again: boolean;
}
type Work = 'send' | 'ask' | 'book';

/**
 * Takes up what is due, province by province. A province has so many places and no queue in memory: what finds no place stays
 * in its rows, so a silent province costs its own places and nobody else's. Bookings ask nobody outside and have their own.
 */
@Injectable()
export class OrdersJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly desks = new Map<string, Desk>();
  private readonly underWay = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly adapters: Adapters,
    private readonly orders: OrdersStore,
    private readonly advance: AdvanceOrder,
  ) {}

  onApplicationBootstrap(): void {
    const all = () => this.adapters.all().forEach(({ adapter }) => this.kick(adapter.branch));
    all();
    this.timer = setInterval(all, TICK_MS);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    let late: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => (late = setTimeout(resolve, DRAIN_MS)));
    await Promise.race([limit, Promise.allSettled(this.underWay)]);
    clearTimeout(late);
  }

  /** There is something new for this province. */
  kick(branch: string): void {
    const province = this.adapters.find(branch);
    if (!province || this.stopped) return;
    const desk = this.deskOf(branch);
    desk.again = true;
    if (desk.pumping) return;
    desk.pumping = true;
    void this.pump(province, desk)
      .catch((err: unknown) => this.logger.warn({ err, branch }, 'orders of a province wait for the next look'))
      .finally(() => {
        desk.pumping = false;
        if (desk.again) this.kick(branch);
      });
  }

  private async pump(province: Province, desk: Desk): Promise<void> {
    while (desk.again && !this.stopped) {
      desk.again = false;
      for (const state of DECIDED) await this.take(province, desk, state, 'book');
      for (const state of ['sent', 'unknown'] as const) await this.take(province, desk, state, 'ask');
      if (province.bss.restMs() === 0) await this.take(province, desk, 'requested', 'send');
    }
  }

  private async take(province: Province, desk: Desk, state: OrderState, work: Work): Promise<void> {
    const { branch, concurrency } = province.adapter;
    const free = concurrency - desk.busy[work];
    if (free <= 0) return;
    // Some of what is due may be in our own hands already.
    const due = await this.orders.due(branch, state, new Date(), free + desk.held.size);
    const rows = due.filter((row) => !desk.held.has(nameOf(row))).slice(0, free);
    for (const row of rows) this.begin(branch, desk, row, work);
  }

  private begin(branch: string, desk: Desk, row: OrderRow, work: Work): void {
    desk.busy[work] += 1;
    desk.held.add(nameOf(row));
    const step = this.advance.execute(row).then(
      () => this.release(branch, desk, row, work),
      (err: unknown) => {
        this.logger.warn({ err, reference: row.refNo }, 'an order waits for the next look');
        // It may be due still: taken up again at once it would spin.
        setTimeout(() => this.release(branch, desk, row, work), TICK_MS).unref();
      },
    );
    this.underWay.add(step);
    void step.finally(() => this.underWay.delete(step));
  }

  private release(branch: string, desk: Desk, row: OrderRow, work: Work): void {
    desk.busy[work] -= 1;
    desk.held.delete(nameOf(row));
    this.kick(branch);
  }

  private deskOf(branch: string): Desk {
    const known = this.desks.get(branch);
    if (known) return known;
    const desk: Desk = { busy: { send: 0, ask: 0, book: 0 }, held: new Set(), pumping: false, again: false };
    this.desks.set(branch, desk);
    return desk;
  }
}

const nameOf = (row: OrderRow): string => `${row.kind} ${row.refNo}`;

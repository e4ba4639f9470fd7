import { Injectable } from '@nestjs/common';
import type { bssOrders, BssOrderView, bssRequery } from '@yidian/contracts';
import { Problem } from '@yidian/errors';
import { Audit } from '@yidian/journal';
import { toDigits } from '@yidian/money';
import type { z } from 'zod';
import type { OrderRow } from './orders/order';
import { OrdersJob } from './orders/orders.job';
import { OrdersStore } from './orders/orders.store';

/** What provinces were asked and have not ended; and asking again by hand. */
@Injectable()
export class ListOrders {
  constructor(
    private readonly orders: OrdersStore,
    private readonly job: OrdersJob,
    private readonly audit: Audit,
  ) {}

  async execute({
    branch,
    waiting = false,
    limit = 100,
  }: z.output<typeof bssOrders>): Promise<{ orders: BssOrderView[] }> {
    return { orders: (await this.orders.open(branch, waiting, limit)).map(view) };
  }

  /** @throws Problem not_found, state_conflict when nothing is open */
  async requery({ reference, kind, actor }: z.output<typeof bssRequery>): Promise<BssOrderView> {
    const row = await this.orders.get(kind, reference);
    if (!row) throw new Problem('not_found');
    const before = JSON.stringify({ state: row.state, due: row.dueAt });
    await this.audit.append({ actor, action: 'bss_requery', object: `bss/${kind}/${reference}`, before, after: null });
    if (!(await this.orders.hurry(kind, reference, new Date()))) throw new Problem('state_conflict');
    this.job.kick(row.branch);
    return view(row);
  }
}

const view = (row: OrderRow): BssOrderView => ({
  reference: row.refNo,
  kind: row.kind,
  branch: row.branch,
  paymentNo: row.paymentNo,
  amount: toDigits(row.amount),
  state: row.state,
  note: row.note,
  asked: row.asked,
  sentAt: row.sentAt?.toISOString() ?? null,
  dueAt: row.dueAt?.toISOString() ?? null,
});

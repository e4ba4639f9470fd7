import { Injectable } from '@nestjs/common';
import type { SubscriberEvent, subscriberEventsPull } from '@yidian/contracts';
import { toDigits } from '@yidian/money';
import type { z } from 'zod';
import { LifeCycleStore, type EventRow } from './life-cycle.store';

@Injectable()
export class PullEvents {
  constructor(private readonly history: LifeCycleStore) {}

  /**
   * What happened to numbers, in the order it was recorded. Ids have no gaps and are committed in their order, so the last
   * id of a page is a cursor that nothing can come to lie behind.
   */
  async execute({ after, limit }: z.output<typeof subscriberEventsPull>): Promise<{ events: SubscriberEvent[] }> {
    return { events: (await this.history.eventsAfter(BigInt(after), limit)).map(view) };
  }
}

const view = (row: EventRow): SubscriberEvent => ({
  id: String(row.id),
  kind: row.kind,
  at: row.at.toISOString(),
  recordedAt: row.recordedAt.toISOString(),
  msisdn: row.msisdn,
  subscriberId: row.subscriberId,
  formerSubscriberId: row.formerSubscriberId,
  branch: row.branch,
  ownerVersion: row.ownerVersion,
  status: row.status,
  suspendReason: row.suspendReason === '' ? null : row.suspendReason,
  balance: row.balance === null ? null : toDigits(row.balance),
  source: row.source,
});

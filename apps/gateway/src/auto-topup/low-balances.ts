import { Injectable } from '@nestjs/common';
import { PersonNumbers } from '../notifications/person-number';
import { BillingRpc } from '../platform';
import { AutoBell } from './auto-bell';
import { AutoStore } from './auto.store';

const PAGE = 200;
/** What was low that long ago says nothing of now. */
const STALE_MS = 24 * 3_600_000;

/**
 * Low balances as billing tells them: of its own numbers, and of those whose province keeps the balance. An event opens
 * nothing by itself: it makes the rules of that number look now, so that told twice, or missed, nothing is wrong.
 */
@Injectable()
export class LowBalances {
  constructor(
    private readonly billing: BillingRpc,
    private readonly store: AutoStore,
    private readonly numbers: PersonNumbers,
    private readonly bell: AutoBell,
  ) {}

  async sweep(now: Date = new Date()): Promise<void> {
    for (;;) {
      const after = await this.store.position();
      const { events } = await this.billing.call('subscriber_events.pull', { after: String(after), limit: PAGE });
      for (const event of events) {
        const at = new Date(event.at);
        if (event.kind !== 'low_balance' || now.getTime() - at.getTime() > STALE_MS) continue;
        const balance = event.balance === null ? null : BigInt(event.balance);
        const rung = await this.store.ringLow(this.numbers.blind(event.msisdn), balance, at);
        if (rung > 0) this.bell.ring(`low-${event.id}`);
      }
      const last = events.at(-1);
      if (last) await this.store.passed(BigInt(last.id));
      if (events.length < PAGE) return;
    }
  }
}

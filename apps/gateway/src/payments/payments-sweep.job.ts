import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Poll } from '../notifications/poll';
import { LOGGER, type Logger } from '../platform';
import { nextDue } from './ladder';
import { PaymentFlow } from './payment-flow';
import type { PaymentRow, RefundRow } from './payment.rows';
import type { PaymentState } from './payment.schema';
import { PaymentsReadStore } from './payments-read.store';
import { RefundSteps } from './refund-steps';

const STATES: readonly PaymentState[] = ['created', 'submitted', 'unknown', 'paid'];
const REFUND_STATES: readonly RefundRow['state'][] = [
  'requested',
  'held',
  'submitted',
  'unknown',
  'succeeded',
  'failed',
];
const PAGE = 500;
const AT_ONCE = 16;
const HOUR_MS = 3_600_000;

/**
 * Asks whoever owes an answer, when its date has come. A row is claimed by moving its date to the next step of the
 * ladder, which is also the lease; what is at the ladder's end has no date and waits for people.
 */
@Injectable()
export class PaymentsSweepJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(
    private readonly store: PaymentsReadStore,
    private readonly flow: PaymentFlow,
    private readonly refunds: RefundSteps,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.poll = new Poll(
      1_000,
      () => this.sweep(),
      (err) => logger.warn({ err }, 'payment sweep'),
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  async sweep(now: Date = new Date()): Promise<void> {
    for (const state of STATES) {
      const due = await this.store.due(state, PAGE);
      await inParts(due, (payment) => this.safely(() => this.takePayment(payment, now)));
    }
    for (const state of REFUND_STATES) {
      const due = await this.store.dueRefunds(state, PAGE);
      await inParts(due, (refund) => this.safely(() => this.takeRefund(refund, now)));
    }
  }

  private async takePayment(payment: PaymentRow, now: Date): Promise<void> {
    const next = nextDue(now, payment.tries + 1);
    // A cashier page is closed at its expiry, not at the ladder's next step after it.
    const expiry = payment.expires_at !== null && payment.expires_at > now ? payment.expires_at : null;
    const date = expiry && (next === null || expiry < next) ? expiry : next;
    if (await this.store.claim(payment, date)) await this.flow.ask({ ...payment, due_at: date });
  }

  private async takeRefund(refund: RefundRow, now: Date): Promise<void> {
    // A hold whose fate is decided is posted or freed however long it takes: nobody has to judge anything.
    const decided = refund.hold === 'posting' || refund.hold === 'voiding';
    const next = nextDue(now, refund.tries) ?? (decided ? new Date(now.getTime() + HOUR_MS) : null);
    if (await this.store.claimRefund(refund, next)) await this.refunds.advance(refund.refund_no);
  }

  private async safely(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (err) {
      this.logger.warn({ err }, 'one item of the sweep waits for its next date');
    }
  }
}

async function inParts<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE)
    await Promise.all(items.slice(from, from + AT_ONCE).map(work));
}

import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Poll } from '../notifications/poll';
import { LOGGER, type Logger } from '../platform';
import { AttemptSteps } from './attempt-steps';
import { nextDue } from './ladder';
import type { AttemptRow, PaymentRow } from './payment.rows';
import { PaymentsReadStore } from './payments-read.store';
import { ReplacedStore, type ReplacedRow } from './replaced.store';

const PAGE = 200;

/**
 * A provider said that it did nothing, and another was asked in its place. Its word may be wrong: it is asked again, by the
 * usual ladder, until it says that the order is closed, declined or, twice and late enough, not known to it. What it took
 * after all is told like any late word, and goes back.
 */
@Injectable()
export class ReplacedAttemptsJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(
    private readonly replaced: ReplacedStore,
    private readonly store: PaymentsReadStore,
    private readonly steps: AttemptSteps,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.poll = new Poll(
      1_000,
      () => this.sweep(),
      (err) => logger.warn({ err }, 'sweep of replaced attempts'),
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  async sweep(now: Date = new Date()): Promise<void> {
    for (const row of await this.replaced.due(PAGE)) {
      try {
        await this.take(row, now);
      } catch (err) {
        this.logger.warn({ err, attemptNo: row.attempt_no }, 'a replaced attempt waits for its next date');
      }
    }
  }

  private async take(row: ReplacedRow, now: Date): Promise<void> {
    const attempt = await this.store.attempt(row.attempt_no);
    const payment = await this.store.find(row.payment_no);
    if (!attempt || !payment) throw new Error(`${row.attempt_no} is not there`);
    // It took the money, and the refund that gives it back has a ladder of its own.
    if (attempt.state === 'succeeded') return this.replaced.settle(row);
    const next = nextDue(now, row.tries + 1);
    if (next === null) return this.replaced.giveUp(row, attempt);
    if (await this.replaced.claim(row, next)) await this.ask(row, payment, attempt, now);
  }

  private async ask(row: ReplacedRow, payment: PaymentRow, attempt: AttemptRow, now: Date): Promise<void> {
    const said = await this.steps.askReplaced(payment, attempt);
    if (said === 'settled') return this.replaced.settle(row);
    const sinceMs = now.getTime() - attempt.submitted_at.getTime();
    if (said === 'open' || sinceMs < this.steps.settleDown(attempt)) return;
    if (row.not_found > 0) await this.replaced.settle(row);
    else await this.replaced.notFound(row);
  }
}

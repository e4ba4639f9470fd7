import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Poll } from '../notifications/poll';
import { LOGGER, type Logger } from '../platform';
import { nextDue } from './ladder';
import { PaymentsReadStore } from './payments-read.store';
import { ReturnSteps } from './return-steps';

const PAGE = 100;
const HOUR_MS = 3_600_000;

/** Returns that wait for their payment or for billing. Billing is asked for as long as it takes: nobody has to judge that. */
@Injectable()
export class ReturnsJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(
    private readonly store: PaymentsReadStore,
    private readonly steps: ReturnSteps,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      1_000,
      () => this.sweep(),
      (err) => logger.warn({ err }, 'return sweep'),
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  async sweep(now: Date = new Date()): Promise<void> {
    for (const state of ['open', 'taking'] as const) {
      for (const row of await this.store.dueReturns(state, PAGE)) {
        const hourly = state === 'taking' ? new Date(now.getTime() + HOUR_MS) : null;
        if (await this.store.claimReturn(row, nextDue(now, row.tries + 1) ?? hourly)) await this.steps.advance(row);
      }
    }
  }
}

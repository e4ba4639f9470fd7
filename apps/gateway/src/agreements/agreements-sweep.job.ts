import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Poll } from '../notifications/poll';
import { nextDue } from '../payments/ladder';
import { LOGGER, type Logger } from '../platform';
import { AgreementsStore } from './agreements.store';
import { ApplyAgreement } from './apply-agreement';
import { EndAgreement } from './end-agreement';

/** Asks about agreements that nobody has told the end of, and for the end of those that were ended here. */
@Injectable()
export class AgreementsSweepJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(
    private readonly store: AgreementsStore,
    private readonly apply: ApplyAgreement,
    private readonly ending: EndAgreement,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      2_000,
      () => this.sweep(),
      (err) => logger.warn({ err }, 'agreement sweep'),
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  async sweep(now: Date = new Date()): Promise<void> {
    for (const row of await this.store.due(100)) {
      if (await this.store.claim(row, nextDue(now, row.tries + 1))) await this.apply.ask(row);
    }
    await this.ending.sweep(now);
  }
}

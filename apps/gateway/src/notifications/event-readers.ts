import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, type Logger } from '../platform';
import { EventsStore } from './events.store';
import { Poll } from './poll';

const LOOK_MS = 5_000;

/**
 * Whose events anybody reads. A counter that has no webhook and may not pull would pay for a row per payment that nobody
 * ever sees. Whoever is given the right has the events from then on, at the latest a few seconds later; a partner that is
 * not known here yet has all of his.
 */
@Injectable()
export class EventReaders implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private silent: ReadonlySet<string> = new Set();
  private readonly poll: Poll;

  constructor(
    private readonly store: EventsStore,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      LOOK_MS,
      () => this.look(),
      (err) => logger.warn({ err }, 'who reads events'),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  hears(partner: string): boolean {
    return !this.silent.has(partner);
  }

  private async look(): Promise<void> {
    this.silent = new Set(await this.store.partnersWithoutReaders());
  }
}

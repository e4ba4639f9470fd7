import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Poll } from '../notifications/poll';
import { LOGGER, type Logger } from '../platform';
import { CallbackBell } from '../providers/callback-bell';
import { ApplyCallback } from './apply-callback';

/** Callbacks are taken up when their bell rings, and by the sweep when it did not. */
@Injectable()
export class CallbacksJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(
    private readonly apply: ApplyCallback,
    private readonly bell: CallbackBell,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      1_000,
      () => apply.sweep(),
      (err) => logger.warn({ err }, 'callback sweep'),
    );
  }

  onApplicationBootstrap(): void {
    this.bell.onRing((provider, eventId) => this.apply.ring(provider, eventId));
    this.poll.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.bell.close();
    await this.poll.stop();
  }
}

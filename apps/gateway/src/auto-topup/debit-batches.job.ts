import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Poll } from '../notifications/poll';
import { LOGGER, type Logger } from '../platform';
import { ReadReturns } from './read-returns';
import { SendBatches } from './send-batches';

const EVERY_MS = 30_000;

/** Seals and sends what is due, and reads what has come back; which is which stands in rows. */
@Injectable()
export class DebitBatchesJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(
    private readonly sending: SendBatches,
    private readonly returns: ReadReturns,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      EVERY_MS,
      () => this.sweep(),
      (err) => logger.warn({ err }, 'batches of debits'),
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  async sweep(): Promise<void> {
    await this.sending.sweep();
    await this.returns.sweep();
  }
}

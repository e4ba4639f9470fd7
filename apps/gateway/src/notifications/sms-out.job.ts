import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, type Logger } from '../platform';
import { Poll } from './poll';
import { SmsSender } from './sms-sender';

/** Takes up receipts that payments have written, and messages whose try failed. */
@Injectable()
export class SmsOutJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(sender: SmsSender, @Inject(LOGGER) logger: Logger) {
    this.poll = new Poll(
      250,
      () => sender.sweep(),
      (err) => logger.warn({ err }, 'message sweep'),
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }
}

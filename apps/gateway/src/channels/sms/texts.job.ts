import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Poll } from '../../notifications/poll';
import { LOGGER, type Logger } from '../../platform';
import { HandleText } from './handle-text';
import { SmsInboxStore } from './sms-inbox.store';

/** Takes up stored messages that nobody finished. */
@Injectable()
export class TextsJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(inbox: SmsInboxStore, handle: HandleText, @Inject(LOGGER) logger: Logger) {
    this.poll = new Poll(
      1_000,
      async () => {
        for (const row of await inbox.due(100)) await handle.take(row);
      },
      (err) => logger.warn({ err }, 'text sweep'),
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }
}

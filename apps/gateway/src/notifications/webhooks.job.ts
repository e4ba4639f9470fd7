import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, type Logger } from '../platform';
import { Poll } from './poll';
import { WebhookSender } from './webhook-sender';

@Injectable()
export class WebhooksJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(sender: WebhookSender, @Inject(LOGGER) logger: Logger) {
    this.poll = new Poll(
      1_000,
      () => sender.sweep(),
      (err) => logger.warn({ err }, 'webhook sweep'),
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }
}

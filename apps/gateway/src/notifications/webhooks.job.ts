import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, type Logger } from '../platform';
import { Poll } from './poll';
import { TellDisabled } from './tell-disabled';
import { WebhookSender } from './webhook-sender';

@Injectable()
export class WebhooksJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(
    private readonly sender: WebhookSender,
    disabled: TellDisabled,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      1_000,
      async () => {
        await sender.sweep();
        await disabled.sweep();
      },
      (err) => logger.warn({ err }, 'webhook sweep'),
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.poll.stop();
    await this.sender.stop();
  }
}

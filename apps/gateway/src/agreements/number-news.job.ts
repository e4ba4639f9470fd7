import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Poll } from '../notifications/poll';
import { BillingRpc, LOGGER, type Logger } from '../platform';
import { ApplyNumberNews } from './apply-number-news';

const EVERY_MS = 1_000;
const PAGE = 200;

/** Reads billing's feed of what happens to numbers, page after page; the place in it is a row, moved with the effects. */
@Injectable()
export class NumberNewsJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;
  private silent = false;

  constructor(
    private readonly billing: BillingRpc,
    private readonly news: ApplyNumberNews,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      EVERY_MS,
      () => this.sweep(),
      (err) => {
        if (!this.silent) logger.warn({ err }, 'news of numbers wait; told again when they come');
        this.silent = true;
      },
    );
  }

  onApplicationBootstrap(): void {
    this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  async sweep(): Promise<void> {
    await this.news.thaw();
    for (;;) {
      const after = await this.news.position();
      const { events } = await this.billing.call('subscriber_events.pull', { after: String(after), limit: PAGE });
      await this.news.page(events);
      this.silent = false;
      if (events.length < PAGE) return;
    }
  }
}

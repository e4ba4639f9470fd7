import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Poll } from '../notifications/poll';
import { LOGGER, type Logger } from '../platform';
import { AutoBell } from './auto-bell';
import { CheckRules } from './check-rules';
import { LowBalances } from './low-balances';
import { PayOccasions } from './pay-occasions';

const EVERY_MS = 2_000;

/** Rows and their dates say what is due; the bell only says it sooner. */
@Injectable()
export class AutoTopupJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;
  private silent = false;

  constructor(
    private readonly low: LowBalances,
    private readonly rules: CheckRules,
    private readonly occasions: PayOccasions,
    private readonly bell: AutoBell,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.poll = new Poll(
      EVERY_MS,
      () => this.sweep(),
      (err) => logger.warn({ err }, 'automatic top-ups'),
    );
  }

  onApplicationBootstrap(): void {
    this.bell.onRing(() => this.work());
    this.poll.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.bell.close();
    await this.poll.stop();
  }

  async sweep(): Promise<void> {
    // Billing that does not answer keeps nothing back that is due already.
    await this.low.sweep().then(
      () => (this.silent = false),
      (err: unknown) => {
        if (!this.silent) this.logger.warn({ err }, 'news of low balances wait; told again when they come');
        this.silent = true;
      },
    );
    await this.work();
  }

  private async work(): Promise<void> {
    await this.rules.sweep();
    await this.occasions.sweep();
  }
}

import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { GatewayConfig } from '../../gateway.config';
import { Poll } from '../../notifications/poll';
import { CONFIG, LOGGER, type Logger } from '../../platform';
import { PartsStore } from './parts.store';
import { TakeDelivered } from './take-delivered';

const SWEEP_MS = 5_000;
/** A whole message that still belongs to none after this was left by a process that died. */
const LEFT_MS = 15_000;
const AT_ONCE = 100;

/** Takes up messages between the row and the answer of a process that died, and ends those whose parts never came. */
@Injectable()
export class PartsJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly poll: Poll;

  constructor(
    private readonly parts: PartsStore,
    private readonly taker: TakeDelivered,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.poll = new Poll(
      Math.min(SWEEP_MS, config.SMPP_PARTS_MS),
      () => this.sweep(),
      (err) => logger.warn({ err }, 'sweep of message parts'),
    );
  }

  onApplicationBootstrap(): void {
    if (this.config.SMPP_URL) this.poll.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poll.stop();
  }

  async sweep(): Promise<void> {
    const { SMPP_PARTS_MS: patience } = this.config;
    const now = Date.now();
    for (const row of await this.parts.stale(new Date(now - Math.min(LEFT_MS, patience)), AT_ONCE)) {
      const whole = await this.taker.complete(row);
      if (!whole && row.received_at.getTime() < now - patience) await this.taker.giveUp(row);
    }
    await this.parts.forget();
  }
}

import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../alarms/raise-alarm';
import { CONFIG, type ReconciliationConfig } from '../reconciliation.config';
import { Repeat } from '../repeat';
import { Patience } from './patience';
import { PullBooks } from './pull-books';

/** All day, every few seconds. A source that does not answer is asked again at the next turn. */
@Injectable()
export class PullJob implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly repeat: Repeat;

  constructor(pull: PullBooks, @Inject(CONFIG) config: ReconciliationConfig, @Inject(LOGGER) logger: Logger) {
    const { worth } = new Patience();
    this.repeat = new Repeat('pull', config.PULL_EVERY_MS, () => pull.execute(worth), logger);
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.repeat.stop();
  }
}

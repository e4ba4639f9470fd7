import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import type { Logger } from '@yidian/telemetry';
import { DeliverFiles } from '../payouts/deliver-files';
import { Treasury } from '../payouts/treasury';
import { LOGGER } from '../resources/tokens';
import { ImportStatement } from './import-statement';
import { PayClearing } from './pay-clearing';

const SWEEP_MS = 30_000;

/**
 * What headquarters' money needs by clock, found by rows alone: entries whose payout was booked late, files that have not
 * left, collected dates that a prefund pays.
 */
@Injectable()
export class TreasuryJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly statements: ImportStatement,
    private readonly files: DeliverFiles,
    private readonly payClearing: PayClearing,
    private readonly treasury: Treasury,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.ring(), SWEEP_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** One pass at a time. */
  ring(): void {
    this.running = this.running
      .then(() => this.pass())
      .catch((err: unknown) => this.logger.warn({ err }, 'treasury pass'));
  }

  async pass(): Promise<void> {
    await this.files.execute();
    await this.statements.bookOpen();
    for (const { provider, arrives } of this.treasury.profile.providers)
      if (arrives === 'prefund') await this.prefund(provider);
  }

  private async prefund(provider: string): Promise<void> {
    try {
      await this.payClearing.prefund(provider);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'busy') throw error; // busy: the next pass comes soon
    }
  }
}

import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../resources/tokens';
import { DecideHandMove } from './decide-hand-move';
import { HandMovesStore } from './hand-moves.store';

const SWEEP_MS = 15_000;
/** Whoever approved it is at work so long. */
const LEFT_ALONE_MS = 30_000;

/** What was approved is carried through even if its process died, or had to wait: found by its state. */
@Injectable()
export class ResumeHandMovesJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: HandMovesStore,
    private readonly decide: DecideHandMove,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.sweep(), SWEEP_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private sweep(): void {
    this.running = this.running.then(() => this.pass(new Date(Date.now() - LEFT_ALONE_MS)));
  }

  /** One that fails leaves its neighbours alone. */
  async pass(before: Date): Promise<void> {
    try {
      for (const approved of await this.store.approvedBefore(before))
        await this.decide.carryOut(approved).catch((err: unknown) => {
          this.logger.warn({ err, handMove: approved.id }, 'an approved move waits for the next round');
        });
    } catch (err) {
      this.logger.warn({ err }, 'approved moves are looked for in the next round');
    }
  }
}

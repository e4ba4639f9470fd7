import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from '@yidian/telemetry';
import { BatchesStore } from '../batches/batches.store';
import { PostBatch } from '../batches/post-batch';
import { LOGGER } from '../resources/tokens';
import { UndoDay } from './undo-day';

const SWEEP_MS = 15_000;
const LEFT_ALONE_MS = 60_000;

/** A batch whose plan is fixed is carried through even if its process died: this sweep finds it by its state. */
@Injectable()
export class ResumeBatchesJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly batches: BatchesStore,
    private readonly postBatch: PostBatch,
    private readonly undoDay: UndoDay,
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
    this.running = this.running
      .then(() => this.pass(new Date(Date.now() - LEFT_ALONE_MS)))
      .catch((err: unknown) => this.logger.warn({ err }, 'unfinished batches'));
  }

  /** A resolution that is being undone belongs to its day's undoing and is left to it. */
  async pass(before: Date): Promise<void> {
    for (const batch of await this.batches.unfinished(before)) {
      if (batch.state === 'posting') await this.postBatch.forward(batch);
      else if (batch.kind === 'settle') await this.undoDay.execute(batch);
    }
  }
}

import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Db } from '@yidian/database';
import { keepAnchors, latestFrozenDate, type AnchorClock } from '@yidian/journal';
import { halfOfTheTime, lastTaken, Ledger, snapshotNote } from '@yidian/ledger';
import type { Logger } from '@yidian/telemetry';
import { CONFIG, type BillingConfig } from '../billing.config';
import { DB } from '../resources/db';
import { LOGGER } from '../resources/logger';

/**
 * An anchor each minute; when a book was closed, the day's balances are taken and proved, and an anchor is signed that covers
 * them. All of it is found by rows, so that a day whose close fell into a restart loses nothing.
 */
@Injectable()
export class KeepAnchorsJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private anchors?: AnchorClock;
  private stopped = false;

  constructor(
    @Inject(CONFIG) private readonly config: BillingConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(DB) private readonly db: Db,
    private readonly ledger: Ledger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.anchors = await keepAnchors(this.db, {
      service: 'billing',
      keyFile: this.config.ANCHOR_KEY_FILE,
      notes: () => this.closeDay(),
      onError: (err) => this.logger.error({ err }, 'no anchor this minute'),
    });
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    this.anchors?.stop();
  }

  /** @returns what the signature covers beside the lanes */
  async closeDay(): Promise<string[]> {
    const day = await latestFrozenDate(this.db);
    if (day === undefined) return [];
    const rest = halfOfTheTime();
    const breathe = () => (this.stopped ? Promise.reject(new Error('the process is ending')) : rest());
    const snapshot = await this.ledger.takeSnapshot(day, { breathe, pageRows: 1_000 });
    if (snapshot?.state === 'refused') this.logger.error({ day }, 'the balances of the day do not verify');
    const taken = await lastTaken(this.db);
    return taken ? [snapshotNote(taken)] : [];
  }
}

/**
 * Posts what is left on accounts whose numbers closed. The row that says so was written with the closing, so a process that
 * dies in between leaves it to the next one; each look has its own key, so two that look at once post once. An account is
 * looked at again later: a credit that was on its way when the number closed must not be forgotten on it.
 */
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Ledger } from '@yidian/ledger';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../resources/logger';
import { Repeat } from '../resources/repeat';
import { closingPosting } from './closing.posting';
import { ClosingsStore, type Closing } from './closings.store';

/** After the first look at once: longer than a credit may be on its way, then longer than a province may be asked. */
const LATER_LOOKS_MS = [10 * 60_000, 26 * 3_600_000];
const EVERY_MS = 5_000;
const BATCH = 200;

@Injectable()
export class SweepClosings implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly repeat: Repeat;

  constructor(
    private readonly closings: ClosingsStore,
    private readonly ledger: Ledger,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.repeat = new Repeat(
      EVERY_MS,
      () => this.sweep(),
      (err) => logger.warn({ err }, 'what is left on closed accounts waits for the next sweep'),
    );
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.repeat.stop();
  }

  /** A number has just closed. */
  nudge(): void {
    this.repeat.nudge();
  }

  async sweep(): Promise<void> {
    for (let due = await this.closings.due(BATCH); due.length > 0; due = await this.closings.due(BATCH)) {
      await Promise.all(due.map((closing) => this.look(closing)));
      if (due.length < BATCH) return;
    }
  }

  /** Fails as the write door fails; the row stays due. */
  private async look(closing: Closing): Promise<void> {
    await this.ledger.post(closingPosting(closing));
    const later = LATER_LOOKS_MS[closing.step];
    await this.closings.moveOn(closing, later === undefined ? null : new Date(Date.now() + later));
  }
}

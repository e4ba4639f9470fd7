import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from '@yidian/telemetry';
import { LOGGER } from '../../resources/logger';
import { Repeat } from '../../resources/repeat';
import { EventBell } from './event-bell';
import { EventsStore, type EventRow } from './events.store';
import { TellChange } from './tell-change';

const PAUSE_MS = 1_000;
const PAGE = 100;
const LEASE_MS = 30_000;
const AGAIN_MS = [30_000, 300_000, 3_600_000] as const;

/** Gives stored events their meaning, in the order they came. What cannot be told yet is told again later, then left for people. */
@Injectable()
export class EventsJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly repeat: Repeat;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly store: EventsStore,
    private readonly tell: TellChange,
    private readonly bell: EventBell,
  ) {
    this.repeat = new Repeat(
      PAUSE_MS,
      () => this.sweep(),
      (err) => logger.warn({ err }, 'events of provinces wait for the next look'),
    );
  }

  onApplicationBootstrap(): void {
    this.bell.listen(() => this.repeat.nudge());
    this.repeat.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.repeat.stop();
  }

  private async sweep(): Promise<void> {
    for (;;) {
      const rows = await this.store.due(new Date(), PAGE);
      for (const row of rows) await this.safely(row);
      if (rows.length < PAGE) return;
    }
  }

  private async safely(row: EventRow): Promise<void> {
    const { branch, eventId, tries } = row;
    try {
      const again = AGAIN_MS[tries];
      const lease = new Date(Date.now() + (again ?? LEASE_MS));
      if (!(await this.store.claim(row, lease))) return;
      const outcome = await this.tell.execute(branch, row.body);
      if (outcome.ends) return await this.store.done(row, outcome.outcome);
      if (again === undefined) await this.store.left(row, outcome.outcome);
    } catch (err) {
      this.logger.warn({ err, branch, event: eventId }, 'an event of a province waits for its next date');
    }
  }
}

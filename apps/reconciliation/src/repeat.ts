import type { Logger } from '@yidian/telemetry';
import { within } from './within';

/** What is running at shutdown may be cut anywhere: each piece of work is whole or repeated. */
const STOP_MS = 700;

/** Repeats a piece of work by clock: never two at once, an error waits for the next turn. */
export class Repeat {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private failing = false;

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly work: () => Promise<void>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.plan();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await within(STOP_MS, this.running);
  }

  private plan(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.once().finally(() => this.plan());
    }, this.everyMs);
  }

  /** One line when it begins to fail and one when it heals: a service that is down for an hour is not a thousand lines. */
  private async once(): Promise<void> {
    try {
      await this.work();
      if (this.failing) this.logger.info({ job: this.name }, 'works again');
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn({ job: this.name, err: error }, 'did not work, will be tried again');
      this.failing = true;
    }
  }
}

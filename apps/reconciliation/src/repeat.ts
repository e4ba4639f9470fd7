import type { Logger } from '@yidian/telemetry';

/** Repeats a piece of work by clock: never two at once, an error waits for the next turn, stopping waits for the running one. */
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
    await this.running;
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

/** Runs `work` again and again with a pause between; one at a time, never throwing, until stopped. */
export class Poll {
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly pauseMs: number,
    private readonly work: () => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  start(): void {
    this.timer = setTimeout(() => this.turn(), this.pauseMs);
  }

  /** Waits for the turn under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.current;
  }

  private turn(): void {
    this.current = this.work()
      .catch((error: unknown) => this.failed(error))
      .then(() => {
        if (!this.stopped) this.start();
      });
  }
}

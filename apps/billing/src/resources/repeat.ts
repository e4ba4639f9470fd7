/** Runs `work` again and again with a pause between; one at a time, never throwing, until stopped. */
export class Repeat {
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> | undefined;
  private wanted = false;
  private stopped = false;

  constructor(
    private readonly pauseMs: number,
    private readonly work: () => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  start(): void {
    this.wait(this.pauseMs);
  }

  /** Runs soon; a run under way is followed by another, since it may have looked already. */
  nudge(): void {
    this.wanted = true;
    if (!this.current) this.wait(0);
  }

  /** Waits for the run under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.current;
  }

  private wait(ms: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.turn(), ms);
    this.timer.unref();
  }

  private turn(): void {
    this.wanted = false;
    this.current = this.work()
      .catch((error: unknown) => this.failed(error))
      .finally(() => {
        this.current = undefined;
        this.wait(this.wanted ? 0 : this.pauseMs);
      });
  }
}

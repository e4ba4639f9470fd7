/**
 * What was started and how to stop it. Whatever happens (Ctrl-C, SIGTERM, a closed terminal, an error half-way), the
 * stops run once, last started first, and nothing of ours stays behind.
 */
export class Session {
  private readonly stops: (() => Promise<void>)[] = [];
  private stopping: Promise<void> | undefined;
  private readonly aborted = new AbortController();
  private pending: Promise<unknown> = Promise.resolve();

  /** @param onSignal called once, before the stops run */
  constructor(private readonly onSignal: () => void) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.interrupted());
  }

  get signal(): AbortSignal {
    return this.aborted.signal;
  }

  /**
   * Runs one part of the start. A signal in between waits for the part to finish or fail (a database just being started
   * has no stop yet) and then ends the session, so parts are short or listen to `signal`.
   */
  async part<T>(work: () => Promise<T>): Promise<T> {
    if (this.aborted.signal.aborted) return new Promise<never>(() => undefined); // the process is about to exit
    const running = work();
    this.pending = running.catch(() => undefined);
    try {
      return await running;
    } catch (error) {
      if (this.aborted.signal.aborted) return await new Promise<never>(() => undefined);
      throw error;
    }
  }

  add(stop: () => Promise<void>): void {
    this.stops.push(stop);
  }

  stop(): Promise<void> {
    this.stopping ??= this.runStops();
    return this.stopping;
  }

  private async runStops(): Promise<void> {
    for (let stop = this.stops.pop(); stop; stop = this.stops.pop()) await stop().catch(() => undefined);
  }

  private interrupted(): void {
    if (this.aborted.signal.aborted) return; // stopping already; an impatient second Ctrl-C changes nothing
    this.aborted.abort();
    this.onSignal();
    void this.pending.then(() => this.stop()).then(() => process.exit(0));
  }
}

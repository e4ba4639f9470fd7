import { Busy, Closed, Expired, Poison, RunAgain } from './outcomes';

/**
 * Natural group commit: an idle writer starts at once, a busy one gathers until its commit returns; there is no timer to
 * tune. Everything is bounded: items and bytes of a batch, batches waiting, tries, time.
 */
export interface BatchLimits {
  /** Items per batch, 1 to 256. */
  items: number;
  /** Bytes per batch by `sizeOf`. */
  bytes: number;
  /** Full batches that may wait; beyond that `Busy`. */
  queuedBatches: number;
  /** Tries of one batch, the first included. */
  tries: number;
  /** Time an item has when its caller names none. */
  ttlMs: number;
}

export const BATCH_LIMITS: BatchLimits = { items: 256, bytes: 512 * 1024, queuedBatches: 4, tries: 8, ttlMs: 5_000 };
const MOST_ITEMS = 256;
const SWEEP_MS = 100;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface GroupOptions<I, R> {
  /**
   * Runs one batch as a whole and answers in its order. Throws `RunAgain` (surely not executed, try the batch again),
   * `Poison` (an item is at fault: halve), or anything else: the answer of every item of the batch.
   */
  run(items: readonly I[]): Promise<readonly R[]>;
  sizeOf?: (item: I) => number;
  limits?: Partial<BatchLimits>;
}

interface Entry<I, R> {
  item: I;
  size: number;
  enteredAt: number;
  deadline: number;
  resolve(answer: R): void;
  reject(error: unknown): void;
}

export class GroupCommit<I, R> {
  private readonly limits: BatchLimits;
  private queue: Entry<I, R>[] = [];
  private queuedBytes = 0;
  private running = false;
  private closed = false;
  private drained: (() => void)[] = [];

  constructor(private readonly options: GroupOptions<I, R>) {
    this.limits = { ...BATCH_LIMITS, ...options.limits };
    if (this.limits.items < 1 || this.limits.items > MOST_ITEMS) throw new RangeError('a batch has 1 to 256 items');
  }

  /** @param ttlMs time left to enter a batch; what has entered is finished, never cancelled */
  submit(item: I, ttlMs = this.limits.ttlMs): Promise<R> {
    if (this.closed) return Promise.reject(new Closed('the writer is closed'));
    const size = this.options.sizeOf?.(item) ?? 512;
    const full =
      this.queue.length >= this.limits.items * this.limits.queuedBatches ||
      this.queuedBytes + size > this.limits.bytes * this.limits.queuedBatches;
    if (full) return Promise.reject(new Busy('the queue is full'));
    return new Promise<R>((resolve, reject) => {
      const enteredAt = performance.now();
      this.queue.push({ item, size, enteredAt, deadline: enteredAt + ttlMs, resolve, reject });
      this.queuedBytes += size;
      this.wake();
    });
  }

  /** Runs `work` in the writer's own turn if it is idle; a busy writer needs none and answers false. */
  async whenIdle(work: () => Promise<void>): Promise<boolean> {
    if (this.running || this.queue.length > 0 || this.closed) return false;
    this.running = true;
    try {
      await work();
    } finally {
      this.rest();
    }
    return true;
  }

  /** Age of the oldest waiting item in ms. */
  queueAgeMs(): number {
    const oldest = this.queue[0];
    return oldest ? performance.now() - oldest.enteredAt : 0;
  }

  /** Takes nothing new; resolves when everything taken is answered. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.running || this.queue.length > 0) await new Promise<void>((resolve) => this.drained.push(resolve));
  }

  private wake(): void {
    if (this.running) return;
    this.running = true;
    // The rest of this turn's arrivals (one frame, one socket read) ride in the same batch.
    setImmediate(() => void this.loop());
  }

  private async loop(): Promise<void> {
    const sweep = setInterval(() => this.dropExpired(), SWEEP_MS);
    for (;;) {
      const batch = this.take();
      if (batch.length === 0) break;
      await this.runBatch(batch);
      // Whoever was just answered, and what came in with that answer, may ride in the next batch: one turn, no timer.
      await turn();
    }
    clearInterval(sweep);
    this.rest();
  }

  private rest(): void {
    this.running = false;
    if (this.queue.length > 0) this.wake();
    else for (const resolve of this.drained.splice(0)) resolve();
  }

  private take(): Entry<I, R>[] {
    this.dropExpired();
    let bytes = 0;
    let count = 0;
    for (const entry of this.queue) {
      if (count === this.limits.items || (count > 0 && bytes + entry.size > this.limits.bytes)) break;
      bytes += entry.size;
      count++;
    }
    this.queuedBytes -= bytes;
    return this.queue.splice(0, count);
  }

  private dropExpired(): void {
    const now = performance.now();
    if (!this.queue.some((entry) => entry.deadline <= now)) return;
    const late = this.queue.filter((entry) => entry.deadline <= now);
    this.queue = this.queue.filter((entry) => entry.deadline > now);
    for (const entry of late) {
      this.queuedBytes -= entry.size;
      entry.reject(new Expired('the deadline passed before the item entered a batch'));
    }
  }

  private async runBatch(batch: readonly Entry<I, R>[]): Promise<void> {
    let standing = batch;
    for (let attempt = 1; ; attempt++) {
      try {
        const answers = await this.options.run(standing.map((entry) => entry.item));
        if (answers.length !== standing.length) throw new Error('a batch must answer each of its items');
        return standing.forEach((entry, index) => entry.resolve(answers[index] as R));
      } catch (error) {
        if (error instanceof Poison && standing.length > 1) return this.halve(standing);
        if (!(error instanceof RunAgain)) return standing.forEach((entry) => entry.reject(error));
        standing = await this.pause(standing, attempt, error);
        if (standing.length === 0) return;
      }
    }
  }

  private async halve(batch: readonly Entry<I, R>[]): Promise<void> {
    const middle = batch.length >> 1;
    await this.runBatch(batch.slice(0, middle));
    await this.runBatch(batch.slice(middle));
  }

  /** Waits with full jitter; who is out of time or tries leaves with `Busy`: nothing of the failed try was executed. */
  private async pause(batch: readonly Entry<I, R>[], attempt: number, cause: RunAgain): Promise<Entry<I, R>[]> {
    const delay = 2 + Math.random() * 48;
    const until = performance.now() + delay;
    const stays = (entry: Entry<I, R>) => attempt < this.limits.tries && entry.deadline > until;
    for (const entry of batch) if (!stays(entry)) entry.reject(new Busy('not executed in time', { cause }));
    const standing = batch.filter(stays);
    if (standing.length > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    return standing;
  }
}

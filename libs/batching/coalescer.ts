import { Busy, Closed, Expired } from './outcomes';

/**
 * Gathers single calls into frames: an idle line sends at once, a busy one gathers while `framesInFlight` frames are out.
 * One code path for one item and for 256. Nothing is sent twice here: a frame that failed is unknown to whoever asked,
 * what left before it entered a frame was surely not sent.
 */
export interface FrameLimits {
  /** Frames out at once. */
  framesInFlight: number;
  /** Items per frame. */
  items: number;
  /** Bytes per frame by `sizeOf`; a larger item goes alone. */
  bytes: number;
  /** Items that may wait; beyond that `Busy`. */
  queuedItems: number;
  /** Time an item has to enter a frame when its caller names none. */
  ttlMs: number;
}

export const FRAME_LIMITS: FrameLimits = {
  framesInFlight: 3,
  items: 256,
  bytes: 256 * 1024,
  queuedItems: 1_024,
  ttlMs: 5_000,
};

export interface CoalescerOptions<I, A> {
  /** Answers in the order of the items. What it throws is the answer of every item of the frame. */
  send(items: I[]): Promise<readonly A[]>;
  sizeOf?: (item: I) => number;
  limits?: Partial<FrameLimits>;
}

interface Waiting<I, A> {
  item: I;
  size: number;
  askedAt: number;
  deadline: number;
  resolve(answer: A): void;
  reject(error: unknown): void;
}

/** Size of an item whose asker has no better guess. */
const ITEM_BYTES = 512;
const SWEEP_MS = 50;

export class Coalescer<I, A> {
  private readonly limits: FrameLimits;
  private queue: Waiting<I, A>[] = [];
  /** No waiting item's deadline is before this, so that most looks at the queue need no walk along it. */
  private earliest = Infinity;
  private inFlight = 0;
  private pumping = false;
  private closed = false;
  private sweeping: NodeJS.Timeout | undefined;
  private drained: (() => void)[] = [];

  constructor(private readonly options: CoalescerOptions<I, A>) {
    this.limits = { ...FRAME_LIMITS, ...options.limits };
  }

  /**
   * Rejects with Busy, Closed or Expired when the item was surely not sent, with the error of its frame otherwise.
   * @param ttlMs time left to enter a frame; what has entered is never called back
   */
  ask(item: I, ttlMs = this.limits.ttlMs): Promise<A> {
    if (this.closed) return Promise.reject(new Closed('the line is closed'));
    if (this.queue.length >= this.limits.queuedItems) return Promise.reject(new Busy('the queue is full'));
    return new Promise((resolve, reject) => {
      const askedAt = performance.now();
      const size = this.options.sizeOf?.(item) ?? ITEM_BYTES;
      const deadline = askedAt + ttlMs;
      if (deadline < this.earliest) this.earliest = deadline;
      this.queue.push({ item, size, askedAt, deadline, resolve, reject });
      this.wake();
    });
  }

  /** Age of the oldest waiting item in ms. */
  queueAgeMs(): number {
    const oldest = this.queue[0];
    return oldest ? performance.now() - oldest.askedAt : 0;
  }

  /** Takes nothing new; resolves when everything taken is answered. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.inFlight > 0 || this.queue.length > 0) await new Promise<void>((resolve) => this.drained.push(resolve));
  }

  private wake(): void {
    if (this.pumping) return;
    if (this.inFlight >= this.limits.framesInFlight) return this.watch();
    this.pumping = true;
    // The rest of this turn's arrivals ride in the same frame.
    setImmediate(() => {
      this.pumping = false;
      this.pump();
    });
  }

  private pump(): void {
    while (this.inFlight < this.limits.framesInFlight) {
      const frame = this.take();
      if (frame.length === 0) break;
      this.inFlight++;
      void this.send(frame);
    }
    if (this.queue.length > 0) return this.watch();
    if (this.inFlight === 0) for (const resolve of this.drained.splice(0)) resolve();
  }

  /** While all frames are out nobody else looks at the deadlines. */
  private watch(): void {
    this.sweeping ??= setInterval(() => {
      this.dropExpired();
      if (this.queue.length > 0) return;
      clearInterval(this.sweeping);
      this.sweeping = undefined;
      this.pump();
    }, SWEEP_MS).unref();
  }

  private take(): Waiting<I, A>[] {
    this.dropExpired();
    let bytes = 0;
    let count = 0;
    for (const { size } of this.queue) {
      if (count === this.limits.items || (count > 0 && bytes + size > this.limits.bytes)) break;
      bytes += size;
      count++;
    }
    if (count < this.queue.length) return this.queue.splice(0, count);
    const all = this.queue;
    this.queue = [];
    return all;
  }

  private dropExpired(): void {
    const now = performance.now();
    if (this.earliest > now) return;
    const late = this.queue.filter((entry) => entry.deadline <= now);
    this.queue = this.queue.filter((entry) => entry.deadline > now);
    this.earliest = this.queue.reduce((least, { deadline }) => Math.min(least, deadline), Infinity);
    for (const entry of late) entry.reject(new Expired('the deadline passed before the item entered a frame'));
  }

  private async send(frame: readonly Waiting<I, A>[]): Promise<void> {
    try {
      const answers = await this.options.send(frame.map((entry) => entry.item));
      for (let index = 0; index < frame.length; index++) {
        const answer = answers[index];
        if (answer === undefined) frame[index]?.reject(new Error('an item was not answered'));
        else frame[index]?.resolve(answer);
      }
    } catch (error) {
      for (const entry of frame) entry.reject(error);
    }
    this.inFlight--;
    this.pump();
  }
}

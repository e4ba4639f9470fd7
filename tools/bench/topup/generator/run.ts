import { Connection } from './connection';
import type { Answer } from './answer';
import type { Door } from './door';
import { Histogram } from './histogram';
import { bulkMeanings, meaningOf, type Meaning } from './outcomes';
import type { Outstanding } from './outstanding';
import type { Message, RunOrder, RunResult } from './protocol';
import type { Slab } from './signed-slab';

/** How long a connection rests after "busy", a refusal or a loss: as a partner's client would. */
const REST_MS = 250;
/** Longest wait for answers after the last request was sent. */
const TAIL_MS = 12_000;
const TICK_MS = 1;
const SLOW_START_MS = 10;

/** One run over pre-signed requests: as fast as the answers come, or at a fixed rate whatever they do. */
export class Run {
  private readonly histogram = new Histogram();
  private readonly idle: Connection[] = [];
  private readonly connections: Connection[] = [];
  private readonly counts = { pending: 0, again: 0, lost: 0, refused: 0 };
  private readonly late: number[] = [];
  private acknowledged = 0;
  private slabAt = 0;
  private requestAt = 0;
  private windowFrom = Infinity;
  private windowTo = Infinity;
  private ranOut = false;
  private over = false;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly door: Door,
    private readonly slabs: readonly Slab[],
    private readonly outstanding: Outstanding,
    private readonly order: RunOrder,
    private readonly tell: (message: Message) => void,
  ) {}

  async execute(): Promise<RunResult> {
    const { connections, perSecond, warmSeconds, seconds } = this.order;
    const progress = setInterval(() => this.tell({ say: 'progress', acknowledged: this.acknowledged }), 1_000);
    for (let i = 0; i < connections; i++)
      this.later(i * Math.min(SLOW_START_MS, 1_000 / connections), () => this.join());
    const pace = perSecond === undefined ? undefined : this.atRate(perSecond);
    this.later(warmSeconds * 1_000, () => this.beginWindow());
    const ended = new Promise<void>((resolve) => (this.whenOver = resolve));
    this.later((warmSeconds + seconds) * 1_000, () => this.endWindow());
    await ended;
    clearInterval(pace);
    clearInterval(progress);
    for (const timer of this.timers) clearTimeout(timer);
    await this.tail();
    return this.result();
  }

  private whenOver: () => void = () => undefined;

  private join(): void {
    const connection = new Connection(this.door.host, this.door.port, {
      answered: (from, answer) => this.answered(from, answer),
      lost: (from) => this.lost(from),
    });
    this.connections.push(connection);
    this.free(connection);
  }

  /** A connection that may ask again: it takes what is due. */
  private free(connection: Connection): void {
    connection.current = -1;
    if (this.over) return;
    if (this.order.perSecond === undefined) return this.send(connection, performance.now());
    const due = this.late.shift();
    if (due === undefined) this.idle.push(connection);
    else this.send(connection, due);
  }

  private send(connection: Connection, startedAt: number): void {
    let slab = this.slabs[this.slabAt];
    if (slab && this.requestAt === slab.offsets.length - 1) {
      this.requestAt = 0;
      slab = this.slabs[++this.slabAt];
    }
    if (!slab) {
      this.ranOut = true;
      return this.endWindow();
    }
    const { first, offsets, bytes } = slab;
    const n = first + this.requestAt * this.door.perRequest;
    const request = bytes.subarray(offsets[this.requestAt], offsets[this.requestAt + 1]);
    this.requestAt += 1;
    connection.send(n, startedAt, request);
  }

  /** Arrivals do not wait for answers: what finds no free connection is late, and its latency says so. */
  private atRate(perSecond: number): NodeJS.Timeout {
    const from = performance.now();
    const gap = (1_000 * this.door.perRequest) / perSecond;
    let given = 0;
    return setInterval(() => {
      for (let due = from + given * gap; due <= performance.now(); due = from + ++given * gap) {
        const connection = this.idle.pop();
        if (connection) this.send(connection, due);
        else this.late.push(due);
      }
    }, TICK_MS);
  }

  private answered(connection: Connection, answer: Answer): void {
    const now = performance.now();
    const { current: n, startedAt } = connection;
    const meanings = this.door.perRequest === 1 ? [meaningOf(answer)] : bulkMeanings(answer, this.door.perRequest);
    const completed = this.note(n, meanings);
    if (now >= this.windowFrom && now < this.windowTo && completed > 0) {
      this.histogram.add(now - startedAt);
      this.acknowledged += completed;
    }
    if (completed === meanings.length) this.free(connection);
    else this.later(REST_MS, () => this.free(connection), connection);
  }

  private note(n: number, meanings: readonly Meaning[]): number {
    let completed = 0;
    meanings.forEach((meaning, index) => {
      if (meaning.kind === 'completed') {
        this.outstanding.acknowledge(n + index, meaning.paymentNumber);
        completed += 1;
        return;
      }
      this.counts[meaning.kind] += 1;
      if (meaning.kind === 'refused') this.outstanding.refuse(meaning.body);
      else this.outstanding.open.set(n + index, meaning.kind);
    });
    return completed;
  }

  private lost(connection: Connection): void {
    this.counts.lost += 1;
    for (let i = 0; i < this.door.perRequest; i++) this.outstanding.open.set(connection.current + i, 'again');
    this.later(REST_MS, () => this.free(connection), connection);
  }

  private beginWindow(): void {
    this.windowFrom = performance.now();
    this.tell({ say: 'window', edge: 'begin' });
  }

  private endWindow(): void {
    if (this.over) return;
    this.over = true;
    this.windowTo = performance.now();
    this.windowFrom = Math.min(this.windowFrom, this.windowTo);
    this.tell({ say: 'window', edge: 'end' });
    this.whenOver();
  }

  /** What is still under way when the time is up: answers that come are kept, the others are asked for again later. */
  private async tail(): Promise<void> {
    const until = performance.now() + TAIL_MS;
    while (this.connections.some(({ idle }) => !idle) && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 10));
    for (const connection of this.connections) {
      if (!connection.idle) this.lost(connection);
      connection.close();
    }
    for (const timer of this.timers) clearTimeout(timer);
  }

  private result(): RunResult {
    const seconds = (this.windowTo - this.windowFrom) / 1_000;
    return {
      seconds,
      acknowledged: this.acknowledged,
      perSecond: seconds > 0 ? Math.round(this.acknowledged / seconds) : 0,
      p50Ms: this.histogram.quantileMs(0.5),
      p99Ms: this.histogram.quantileMs(0.99),
      maxMs: this.histogram.maxMs,
      ...this.counts,
      samples: this.outstanding.samples.splice(0),
      ranOut: this.ranOut,
    };
  }

  /** A connection that rests is idle to those who wait for the end. */
  private later(ms: number, work: () => void, resting?: Connection): void {
    if (resting) resting.current = -1;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      work();
    }, ms);
    this.timers.add(timer);
  }
}

const STEP_US = 20;
const BUCKETS = 250_000; // to 5 s

/** Latencies in steps of 20 µs: exact enough for a p99, and a count costs one addition. */
export class Histogram {
  private readonly counts = new Uint32Array(BUCKETS + 1);
  private total = 0;
  private worst = 0;

  add(ms: number): void {
    const bucket = Math.min(BUCKETS, Math.floor((ms * 1_000) / STEP_US));
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.total += 1;
    if (ms > this.worst) this.worst = ms;
  }

  get count(): number {
    return this.total;
  }

  get maxMs(): number {
    return rounded(this.worst);
  }

  /** Milliseconds below which this share of the latencies lies; 0 when there are none. */
  quantileMs(share: number): number {
    const wanted = Math.ceil(this.total * share);
    let seen = 0;
    for (let bucket = 0; bucket <= BUCKETS; bucket++) {
      seen += this.counts[bucket] ?? 0;
      if (seen >= wanted && seen > 0) return rounded(((bucket + 1) * STEP_US) / 1_000);
    }
    return 0;
  }
}

const rounded = (ms: number): number => Math.round(ms * 100) / 100;

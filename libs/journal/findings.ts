/** What does not hold, in words that name it. One damage may show in many rows: the first are kept, the rest counted. */
export class Findings {
  private readonly first: string[] = [];
  private count = 0;

  constructor(private readonly most = 20) {}

  add(text: string): void {
    if (this.first.length < this.most) this.first.push(text);
    this.count += 1;
  }

  get none(): boolean {
    return this.count === 0;
  }

  get list(): readonly string[] {
    return this.first;
  }

  text(): string {
    const more = this.count - this.first.length;
    return this.first.join('; ') + (more > 0 ? `; and ${more} more` : '');
  }
}

export interface Progress {
  /** What is being read now. */
  phase: 'balances' | 'lanes';
  /** Batches are counted beforehand, rows are not. */
  batches: bigint;
  ofBatches: bigint;
  rows: number;
  /** Characters of the rows' texts. */
  bytes: number;
  ms: number;
}

export interface Pace {
  progress?: (progress: Progress) => void;
  /** Between pages: lets whoever else lives in this process have its turn. */
  breathe?: () => Promise<void>;
  /** Rows read at a time, about. */
  pageRows?: number;
}

const TELL_EVERY_MS = 200;

/** Counts what was read and tells of it now and then. */
export class Meter {
  private readonly since = performance.now();
  private told = 0;
  private batches = 0n;
  private rows = 0;
  private bytes = 0;

  constructor(
    private readonly ofBatches: bigint,
    private readonly pace: Pace,
    private readonly phase: Progress['phase'] = 'lanes',
  ) {}

  async page(batches: bigint, rows: number, bytes: number): Promise<void> {
    this.batches += batches;
    this.rows += rows;
    this.bytes += bytes;
    if (this.ms() - this.told >= TELL_EVERY_MS) this.tell();
    await this.pace.breathe?.();
  }

  tell(): void {
    this.told = this.ms();
    this.pace.progress?.(this.walked());
  }

  walked(): Progress {
    const { phase, batches, ofBatches, rows, bytes } = this;
    return { phase, batches, ofBatches, rows, bytes, ms: Math.round(this.ms()) };
  }

  private ms(): number {
    return performance.now() - this.since;
  }
}

/** Turns rows per page into batches per page: batches differ in size by a factor of hundreds. */
export class PageSize {
  private batches = 16;

  constructor(private readonly rows = 5_000) {}

  get next(): bigint {
    return BigInt(this.batches);
  }

  learn(batches: number, rows: number): void {
    const wanted = Math.round((batches * this.rows) / Math.max(rows, 1));
    this.batches = Math.max(1, Math.min(500, wanted, this.batches * 4));
  }
}

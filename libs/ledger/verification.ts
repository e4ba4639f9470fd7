import type { VerifyOptions, VerifyResult } from './verify-ledger';

type Since = NonNullable<VerifyOptions['since']>;

/** How long a finished verification that nobody waited for is kept for whoever asks next. */
const KEPT_MS = 10 * 60_000;

/**
 * Verifications of a service that works meanwhile: one at a time, whoever asks while one runs waits for that one, and the
 * event loop belongs to the others half of the time. One that outlasts its caller goes on; its result is the next caller's.
 */
export class Verification {
  private running: { since: Since; result: Promise<VerifyResult> } | undefined;
  private unheard: { since: Since; result: VerifyResult; at: number } | undefined;
  private progress = '';

  constructor(private readonly ledger: { verify(options: VerifyOptions): Promise<VerifyResult> }) {}

  /** @param waitMs after it the answer is not ok and says how far it has come; left out: to the end */
  async run({ since = 'snapshot', waitMs }: { since?: Since | undefined; waitMs?: number | undefined } = {}) {
    const kept = this.takeUnheard(since);
    if (kept) return kept;
    while (this.running && this.running.since !== since) await this.running.result.catch(() => undefined);
    this.running ??= { since, result: this.start(since) };
    const result = await within(waitMs, this.running.result);
    if (!result) return { ok: false, checks: [{ name: 'verify', ok: false, detail: `under way: ${this.progress}` }] };
    this.unheard = undefined;
    return result;
  }

  private takeUnheard(since: Since): VerifyResult | undefined {
    const { unheard } = this;
    if (!unheard || unheard.since !== since) return undefined;
    this.unheard = undefined;
    return performance.now() - unheard.at < KEPT_MS ? unheard.result : undefined;
  }

  private async start(since: Since): Promise<VerifyResult> {
    this.progress = 'begun';
    try {
      const result = await this.ledger.verify({
        since,
        pageRows: SMALL_PAGE,
        breathe: halfOfTheTime(),
        progress: ({ batches, ofBatches, rows }) => {
          this.progress = `${batches} of ${ofBatches} batches, ${rows} rows`;
        },
      });
      this.unheard = { since, result, at: performance.now() };
      return result;
    } finally {
      this.running = undefined;
    }
  }
}

/** Undefined when it takes longer; the work goes on. */
async function within<T>(limitMs: number | undefined, work: Promise<T>): Promise<T | undefined> {
  if (limitMs === undefined) return work;
  let late: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => (late = setTimeout(() => resolve(undefined), limitMs)));
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(late);
  }
}

/** Some milliseconds of work. */
const SMALL_PAGE = 1_000;
const LONGEST_REST_MS = 200;

/** Rests as long as it has worked: a pace for whatever runs in a service beside its calls. */
export function halfOfTheTime(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    const rest = Math.min(LONGEST_REST_MS, performance.now() - since);
    await new Promise((resolve) => setTimeout(resolve, rest));
    since = performance.now();
  };
}

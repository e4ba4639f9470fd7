import { Problem } from '@yidian/errors';
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface AdmissionOptions {
  /** Requests inside at the same time; beyond it the answer is `busy` at once. */
  maxInFlight: number;
  /** The event loop's mean delay over the last half second, in ms, past which new work is refused. */
  maxLoopDelayMs: number;
}

const DEFAULTS: AdmissionOptions = { maxInFlight: 2_000, maxLoopDelayMs: 500 };

/** Health must answer while we refuse work, or the platform would be restarted for being busy. */
const ALWAYS = '/health/';

/**
 * Refuses before the body is read, before validation and before signatures: under load a refusal must cost next to
 * nothing. Partner shares are counted later, after verification: only a verified identity may use up its own share.
 */
export class Admission {
  private readonly limits: AdmissionOptions;
  private readonly delayMs = loopDelay();
  private inFlight = 0;

  constructor(wanted: Partial<AdmissionOptions> = {}) {
    this.limits = { ...DEFAULTS, ...wanted };
  }

  /** What is let in says when it enters and, once, when it leaves. */
  refusalOf(url: string): Problem | null {
    const { maxInFlight, maxLoopDelayMs } = this.limits;
    if (url.startsWith(ALWAYS) || (this.inFlight < maxInFlight && this.delayMs() <= maxLoopDelayMs)) return null;
    return new Problem('busy', { retryAfter: 1 });
  }

  enter(): void {
    this.inFlight++;
  }

  readonly leave = (): void => void this.inFlight--;
}

/** Mean delay of the last window, refreshed on reading; the histogram's own resolution is taken off. */
function loopDelay(): () => number {
  const resolution = 20;
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  let readAt = Date.now();
  let last = 0;
  return () => {
    if (Date.now() - readAt >= 500) {
      last = histogram.count > 0 ? Math.max(0, histogram.mean / 1e6 - resolution) : 0;
      histogram.reset();
      readAt = Date.now();
    }
    return last;
  };
}

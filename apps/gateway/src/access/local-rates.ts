import { Problem } from '@yidian/errors';

export interface Rate {
  perSecond: number;
  burst: number;
}
export interface RateState {
  limit: number;
  remaining: number;
}

/** Names kept at most; when there are more, those that have filled up again are forgotten: they lose nothing by it. */
const MAX_NAMES = 20_000;

/** Token buckets of this process alone. */
export class LocalRates {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  /** @throws Problem rate_limited */
  take(name: string, rate: Rate, now: number = Date.now()): RateState {
    const bucket = this.buckets.get(name) ?? { tokens: rate.burst, at: now };
    const tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) * rate.perSecond) / 1000);
    if (tokens < 1) throw new Problem('rate_limited', { retryAfter: (1 - tokens) / rate.perSecond });
    if (this.buckets.size >= MAX_NAMES) this.forgetFull(rate, now);
    this.buckets.set(name, { tokens: tokens - 1, at: now });
    return { limit: rate.burst, remaining: Math.floor(tokens - 1) };
  }

  private forgetFull(rate: Rate, now: number): void {
    for (const [name, bucket] of this.buckets) {
      if (bucket.tokens + ((now - bucket.at) * rate.perSecond) / 1000 >= rate.burst) this.buckets.delete(name);
    }
  }
}

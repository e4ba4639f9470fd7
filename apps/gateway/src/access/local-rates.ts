import { Problem } from '@yidian/errors';

export interface Rate {
  perSecond: number;
  burst: number;
}
export interface RateState {
  limit: number;
  remaining: number;
}

/** Token buckets of this process alone, for the time Redis is away. */
export class LocalRates {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  /** @throws Problem rate_limited */
  take(name: string, rate: Rate, now: number = Date.now()): RateState {
    const bucket = this.buckets.get(name) ?? { tokens: rate.burst, at: now };
    const tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) * rate.perSecond) / 1000);
    if (tokens < 1) throw new Problem('rate_limited', { retryAfter: (1 - tokens) / rate.perSecond });
    this.buckets.set(name, { tokens: tokens - 1, at: now });
    return { limit: rate.burst, remaining: Math.floor(tokens - 1) };
  }
}

import { Injectable } from '@nestjs/common';
import { ReviewsStore } from './reviews.store';

/** Many orders of one partner arrive within that time, and are judged by one count. */
const FRESH_MS = 2_000;
const HOUR_MS = 3_600_000;

/** How many different numbers each partner has ordered for within an hour; a moment old, so that it costs nothing to ask. */
@Injectable()
export class PartnerPace {
  private readonly counted = new Map<string, { at: number; numbers: Promise<number> }>();

  constructor(private readonly reviews: ReviewsStore) {}

  /** @param most what is counted up to, about: whether there are ten times as many makes no difference */
  async numbers(partner: string, most: number, now: Date = new Date()): Promise<number> {
    const known = this.counted.get(partner);
    if (known && now.getTime() - known.at < FRESH_MS) return known.numbers;
    const numbers = this.reviews.numbersOfPartner(partner, new Date(now.getTime() - HOUR_MS), most);
    this.counted.set(partner, { at: now.getTime(), numbers });
    numbers.catch(() => this.counted.delete(partner));
    return numbers;
  }
}

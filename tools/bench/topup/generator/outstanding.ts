import { Journal } from './journal';
import { referenceOf } from '../orders';
import type { OrderBook } from './door';

const MOST_SAMPLES = 3;

/** Everything the generator knows of its orders: acknowledged ones in the journal, the others until they are settled. */
export class Outstanding {
  /** Running numbers without a final word, and how much is known about each. */
  readonly open = new Map<number, 'pending' | 'again'>();
  readonly samples: string[] = [];

  constructor(
    readonly book: OrderBook,
    readonly journal: Journal,
  ) {}

  acknowledge(n: number, paymentNumber: string): void {
    this.journal.acknowledged(referenceOf(this.book.run, n), paymentNumber);
  }

  refuse(body: string): void {
    if (this.samples.length < MOST_SAMPLES) this.samples.push(body.slice(0, 500));
  }
}

import { randomInt } from 'node:crypto';

/**
 * Payment numbers: yyMMdd, second of the day (5), writer (4), running number (5); all of the clock in Asia/Shanghai. A
 * writer number is taken anew at each start, so two processes never share one, and the second never goes back while the
 * process lives, so a clock that does cannot give a number twice. The running number goes on from second to second and
 * begins anywhere: people tell payments apart by the last four digits.
 */
export class PaymentNumbers {
  private second = 0;
  private givenInSecond = 0;
  /** Day, second of the day and writer: the same for all numbers of a second. */
  private front = '';

  /** @param writer 0…9999, not in use by any other process */
  constructor(
    private readonly writer: number,
    private readonly clock: () => number = Date.now,
    private running = randomInt(RUNNING_NUMBERS),
  ) {
    if (!Number.isInteger(writer) || writer < 0 || writer > 9_999) throw new Error('a writer number has four digits');
  }

  next(): string {
    const now = Math.floor(this.clock() / 1000);
    if (now > this.second || this.givenInSecond === RUNNING_NUMBERS) {
      this.second = Math.max(now, this.second + 1);
      this.givenInSecond = 0;
      const local = this.second + SHANGHAI;
      const day = new Date(local * 1000).toISOString().slice(2, 10).replaceAll('-', '');
      this.front = day + pad(local % 86_400, 5) + pad(this.writer, 4);
    }
    this.givenInSecond++;
    this.running = (this.running + 1) % RUNNING_NUMBERS;
    return this.front + pad(this.running, 5);
  }
}

const RUNNING_NUMBERS = 100_000;
/** Seconds ahead of UTC, all year round since 1991. */
const SHANGHAI = 8 * 3600;

const pad = (value: number, length: number): string => String(value).padStart(length, '0');

/** Number of the n-th attempt: our reference at the provider, never used for a second call. */
export const attemptNumber = (paymentNo: string, n: number): string => paymentNo + pad(n, 2);
/** One per refund, never renewed when it is tried again. */
export const refundNumber = (paymentNo: string, n: number): string => `${paymentNo}R${pad(n, 2)}`;
export const reversalNumber = (paymentNo: string, n: number): string => `${paymentNo}V${pad(n, 2)}`;
/** What a provider took back by itself. */
export const returnNumber = (paymentNo: string, n: number): string => `${paymentNo}B${pad(n, 2)}`;

export const paymentId = (paymentNo: string): string => `pay_${paymentNo}`;
export const refundId = (refundNo: string): string => `rfd_${refundNo}`;
export const reversalId = (reversalNo: string): string => `rev_${reversalNo}`;

/** The number inside an id of ours, or null when it is none. */
export function numberOf(prefix: 'pay' | 'rfd' | 'rev', id: string): string | null {
  const match = { pay: /^pay_(\d{20})$/, rfd: /^rfd_(\d{20}R\d{2})$/, rev: /^rev_(\d{20}V\d{2})$/ }[prefix].exec(id);
  return match?.[1] ?? null;
}

import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '../platform';
import { RoutingStore } from './routing.store';

const WINDOW_MS = 15 * 60_000;
const KEPT_MS = 15_000;
const FEWEST = 20;
const MOST = 10_000;

/**
 * How often each provider's attempts of the last quarter of an hour took money, read at most every 15 seconds. What the payer
 * lacked or did (no funds, turned back, page not paid) says nothing about the provider and is not counted.
 */
@Injectable()
export class SuccessRates {
  private rates = new Map<string, number>();
  private readAt = 0;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly store: RoutingStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Parts per million by provider; who has too few attempts is not in it. */
  async current(now: number = Date.now()): Promise<ReadonlyMap<string, number>> {
    if (now - this.readAt > KEPT_MS) {
      this.readAt = now;
      this.reading = this.read(now).catch((err: unknown) => this.logger.warn({ err }, 'success rates'));
    }
    await this.reading;
    return this.rates;
  }

  private async read(now: number): Promise<void> {
    const counts = new Map<string, { good: number; all: number }>();
    for (const { provider, state, n } of await this.store.outcomes(numberAt(now - WINDOW_MS), MOST)) {
      const count = counts.get(provider) ?? { good: 0, all: 0 };
      if (state === 'succeeded') count.good += n;
      if (['succeeded', 'not_executed', 'unknown'].includes(state)) count.all += n;
      counts.set(provider, count);
    }
    const known = [...counts].filter(([, { all }]) => all >= FEWEST);
    this.rates = new Map(known.map(([provider, { good, all }]) => [provider, Math.floor((good * 1_000_000) / all)]));
  }
}

/** How numbers of that moment begin: yyMMdd and the second of the day, in Asia/Shanghai. */
export function numberAt(ms: number): string {
  const local = Math.floor(ms / 1000) + 8 * 3600;
  const day = new Date(local * 1000).toISOString().slice(2, 10).replaceAll('-', '');
  return day + String(local % 86_400).padStart(5, '0');
}

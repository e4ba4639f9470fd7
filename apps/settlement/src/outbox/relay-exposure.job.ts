import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { ExposureReceived } from '@yidian/contracts';
import type { RpcClient } from '@yidian/messaging';
import { toDigits } from '@yidian/money';
import type { Logger } from '@yidian/telemetry';
import { GATEWAY, LOGGER } from '../resources/tokens';
import { ExposureOutboxStore } from './exposure-outbox.store';

const SWEEP_MS = 5_000;
const LEASE_MS = 15_000;
const FRAME = 64;
const CALL_MS = 8_000;

/**
 * What a collecting partner has remitted or paid in, told to the gateway once it is in the ledger: from then on the partner
 * may collect so much more. The gateway counts a key once; without an answer the same key is told again.
 */
@Injectable()
export class RelayExposureJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly outbox: ExposureOutboxStore,
    @Inject(GATEWAY) private readonly gateway: RpcClient<'gateway'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.ring(), SWEEP_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** Comes now rather than with the next sweep; one pass at a time. */
  ring(): void {
    this.running = this.running
      .then(() => this.pass())
      .catch((err: unknown) => this.logger.warn({ err }, 'exposure pass'));
  }

  async pass(): Promise<void> {
    while (!this.stopped) {
      const due = await this.outbox.claim(FRAME, LEASE_MS);
      if (due.length === 0) return;
      let answers: ExposureReceived[];
      try {
        const items = due.map(({ key, provider, kind, amount, receipt }) => ({
          ...{ key, provider, kind, receipt, amount: toDigits(amount), currency: 'CNY' as const },
        }));
        answers = (await this.gateway.call('exposure.receive', { items }, CALL_MS)).items;
      } catch {
        for (const { key, tries } of due) await this.outbox.again(key, backoff(tries), 'no answer');
        return;
      }
      for (const [i, { key, tries }] of due.entries()) await this.note(key, tries, answers[i]);
    }
  }

  private async note(key: string, tries: number, answer: ExposureReceived | undefined): Promise<void> {
    if (answer?.key !== key) return this.outbox.again(key, backoff(tries), 'answer for another key');
    if (answer.outcome === 'counted') return this.outbox.close(key, 'sent', '');
    this.logger.error({ key, reason: answer.reason }, 'the gateway refused a receipt');
    return this.outbox.close(key, 'refused', answer.reason ?? answer.outcome);
  }
}

/** 0.5 s doubling to a minute. */
const backoff = (tries: number): number => Math.min(60_000, 500 * 2 ** Math.min(tries, 8));

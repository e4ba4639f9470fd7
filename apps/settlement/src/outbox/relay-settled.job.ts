import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { KeyAnswer } from '@yidian/contracts';
import type { RpcClient } from '@yidian/messaging';
import { toDigits } from '@yidian/money';
import type { Logger } from '@yidian/telemetry';
import { BILLING, LOGGER } from '../resources/tokens';
import { OutboxStore, type DueMessage } from './outbox.store';
import { ListPrincipal } from './list-principal';

const SWEEP_MS = 1_000;
const LEASE_MS = 15_000;
const FRAME = 64;
const CALL_MS = 8_000;

/**
 * Rule B: when principal has been committed here, billing moves the same sum between `settled` and `receivable`. A message is
 * sent again under its own key until billing has given its final answer; billing posts a key once. The sweep works from rows
 * alone, a bell only makes it come sooner.
 */
@Injectable()
export class RelaySettledJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly outbox: OutboxStore,
    private readonly principal: ListPrincipal,
    @Inject(BILLING) private readonly billing: RpcClient<'billing'>,
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
      .catch((err: unknown) => this.logger.warn({ err }, 'outbox pass'));
  }

  /** Sends everything that is due. */
  async pass(): Promise<void> {
    while (!this.stopped) {
      const due = await this.outbox.claim(FRAME, LEASE_MS);
      if (due.length === 0) return;
      await this.send(due);
    }
  }

  private async send(due: readonly DueMessage[]): Promise<void> {
    let answers: KeyAnswer[];
    try {
      const items = due.map(({ key, branch, provider, day, amount }) => ({
        ...{ key, branch, provider, date: day, amount: toDigits(amount), currency: 'CNY' as const },
      }));
      answers = (await this.billing.call('settled.post', { items }, CALL_MS)).items;
    } catch {
      for (const message of due) await this.outbox.again(message.key, backoff(message.tries), 'no answer');
      return;
    }
    for (const [i, message] of due.entries()) await this.note(message, answers[i]);
  }

  private async note(message: DueMessage, answer: KeyAnswer | undefined): Promise<void> {
    if (answer?.key !== message.key)
      return this.outbox.again(message.key, backoff(message.tries), 'answer for another key');
    if (answer.outcome === 'posted') return this.tellItems(message);
    if (answer.outcome === 'busy' || answer.outcome === 'unknown')
      return this.outbox.again(message.key, backoff(message.tries), answer.reason ?? answer.outcome);
    this.logger.error({ key: message.key, reason: answer.reason }, 'billing refused settled principal');
    return this.outbox.close(message.key, 'refused', answer.reason ?? answer.outcome);
  }

  /** Whose payments the sum stands for: S4 lists what is open. Billing counts a page once, so all are sent again or none. */
  private async tellItems({ key, branch, tries }: DueMessage): Promise<void> {
    try {
      let page = 0;
      for await (const listed of this.principal.told(key, branch)) {
        const items = listed.map(({ paymentNo, amount }) => ({
          ...{ paymentNo, amount: toDigits(amount), currency: 'CNY' as const },
        }));
        await this.billing.call('settled.items', { key, branch, page: page++, items }, CALL_MS);
      }
    } catch {
      return this.outbox.again(key, backoff(tries), 'items not told');
    }
    return this.outbox.close(key, 'sent', '');
  }
}

/** 0.5 s doubling to a minute. */
const backoff = (tries: number): number => Math.min(60_000, 500 * 2 ** Math.min(tries, 8));

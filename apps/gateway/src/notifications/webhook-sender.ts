import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { signRequest } from '@yidian/security';
import { request } from 'undici';
import { CARRIER_PROFILE, type CarrierProfile } from '../access';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG, SECRETS, type Secrets } from '../platform';
import { eventView } from './event.view';
import { WebhooksStore, type DeliveryRow } from './webhooks.store';

const ANSWER_MS = 10_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits after each of 16 tries over a day; after the last the event can still be pulled. */
export const WEBHOOK_WAITS: readonly number[] = [
  5 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  20 * MINUTE,
  30 * MINUTE,
  HOUR,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  6 * HOUR,
  8 * HOUR,
];

/** Signed events to partners: a row per delivery, a row per try, the same event id in all of them. */
@Injectable()
export class WebhookSender implements OnModuleInit {
  constructor(
    private readonly store: WebhooksStore,
    @Inject(CARRIER_PROFILE) private readonly profile: CarrierProfile,
    @Inject(SECRETS) private readonly secrets: Secrets,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const { id, webhook } of this.profile.partners) {
      if (webhook) await this.store.upsertEndpoint(`whe_${id}`, id, webhook);
    }
  }

  async sweep(): Promise<void> {
    for (const { lane_id, head, seen } of await this.store.behind()) await this.store.take(lane_id, seen, head);
    const due = await this.store.due(100);
    await Promise.all(due.map((row) => this.deliver(row)));
  }

  private async deliver(row: DeliveryRow): Promise<void> {
    const wait = WEBHOOK_WAITS[row.tries];
    if (!(await this.store.claim(row, new Date(Date.now() + (wait ?? HOUR))))) return;
    const started = performance.now();
    const result = await this.post(row).catch((error: unknown) => ({ status: null, note: reasonOf(error) }));
    await this.store.tried(row, { ...result, ms: Math.round(performance.now() - started) });
    if (result.status !== null && result.status >= 200 && result.status < 300) await this.store.finish(row, 'sent');
    else if (wait === undefined) await this.store.finish(row, 'failed');
  }

  private async post(row: DeliveryRow): Promise<{ status: number | null; note: string }> {
    const event = await this.store.event(row);
    if (!event) return { status: null, note: 'the event is gone' };
    const body = JSON.stringify(eventView(event, this.config.livemode));
    const plain = { 'content-type': 'application/json' };
    const signed = signRequest({ method: 'POST', url: row.url, headers: plain, body }, this.secrets.signingKey);
    const answer = await request(row.url, {
      method: 'POST',
      headers: { ...plain, ...signed },
      body,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await answer.body.dump();
    return { status: answer.statusCode, note: '' };
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'no answer');

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CARRIER_PROFILE, type CarrierProfile } from '../access';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG, LOGGER, SECRETS, type Logger, type Secrets } from '../platform';
import { EndpointsStore } from './endpoints.store';
import { eventView } from './event.view';
import { DISABLED_AFTER_MS, waitAfter } from './webhook-schedule';
import { WebhookPost, type PostResult } from './webhook-post';
import { WebhooksStore, type DeliveryRow, type DueEndpoint, type TryResult } from './webhooks.store';

/** Longer than any try: whoever holds a delivery so long is gone. */
const LEASE_MS = 30_000;
/** Tries under way to one endpoint; one that is failing holds fewer, and none can hold another's. */
const AT_ONCE = 16;
const AT_ONCE_FAILING = 2;
const IN_FLIGHT = 1_024;

/**
 * Signed events to partners. A try is written before it is made, so a killed sender leaves a row and sends again under the
 * same event id: at least once. Endpoints share nothing but the sweep, and the sweep waits for no answer.
 */
@Injectable()
export class WebhookSender implements OnModuleInit {
  private readonly post: WebhookPost;
  private readonly inFlight = new Map<string, number>();
  private readonly filling = new Set<string>();
  private readonly running = new Set<Promise<void>>();
  private stopped = false;

  constructor(
    private readonly store: WebhooksStore,
    private readonly endpoints: EndpointsStore,
    @Inject(CARRIER_PROFILE) private readonly profile: CarrierProfile,
    @Inject(SECRETS) secrets: Secrets,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.post = new WebhookPost(secrets.signingKey, config.livemode);
  }

  async onModuleInit(): Promise<void> {
    for (const { id, webhook } of this.profile.partners) {
      if (webhook) await this.endpoints.upsert(`whe_${id}`, id, webhook);
    }
  }

  async sweep(): Promise<void> {
    for (const { lane_id, head, seen } of await this.store.behind()) await this.store.take(lane_id, seen, head);
    for (const endpoint of await this.store.dueEndpoints()) this.start(this.fill(endpoint));
  }

  /** Starts nothing more and waits for what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    while (this.running.size > 0) await Promise.all(this.running);
    await this.post.close();
  }

  private start(work: Promise<void>): void {
    const running = work
      .catch((err: unknown) => this.logger.warn({ err }, 'webhook'))
      .finally(() => this.running.delete(running));
    this.running.add(running);
  }

  /** As many more tries as the endpoint may have under way. */
  private async fill(endpoint: DueEndpoint): Promise<void> {
    if (this.stopped || this.filling.has(endpoint.id)) return;
    this.filling.add(endpoint.id);
    try {
      const most = endpoint.failing_since === null ? AT_ONCE : AT_ONCE_FAILING;
      const free = Math.min(most - (this.inFlight.get(endpoint.id) ?? 0), IN_FLIGHT - this.running.size);
      if (free <= 0) return;
      for (const row of await this.store.due(endpoint.id, free)) this.start(this.hold(endpoint, row));
    } finally {
      this.filling.delete(endpoint.id);
    }
  }

  private async hold(endpoint: DueEndpoint, row: DeliveryRow): Promise<void> {
    this.inFlight.set(endpoint.id, (this.inFlight.get(endpoint.id) ?? 0) + 1);
    let taken = false;
    try {
      taken = await this.deliver(endpoint, row);
    } finally {
      const left = (this.inFlight.get(endpoint.id) ?? 1) - 1;
      if (left > 0) this.inFlight.set(endpoint.id, left);
      else this.inFlight.delete(endpoint.id);
    }
    if (taken) await this.fill(endpoint);
  }

  /** @returns whether the endpoint took it: then it may have the next at once */
  private async deliver(endpoint: DueEndpoint, row: DeliveryRow): Promise<boolean> {
    const again = row.tries > row.round_from && row.by_hand === 0 && row.object_key !== '';
    if (again && (await this.store.hasNewer(row))) {
      await this.store.supersede(row);
      return true;
    }
    if (!(await this.store.begin(row, new Date(Date.now() + LEASE_MS)))) return false;
    const started = performance.now();
    const sent = await this.send(endpoint, row);
    const result = { ...sent, ms: Math.round(performance.now() - started) };
    return sent.status !== null && sent.status >= 200 && sent.status < 300
      ? this.taken(endpoint, row, result)
      : this.failed(endpoint, row, result);
  }

  private async send(endpoint: DueEndpoint, row: DeliveryRow): Promise<PostResult> {
    const event = await this.store.event(row);
    if (!event) return { status: null, note: 'the event is gone', answer: '' };
    return this.post.send(endpoint.url, JSON.stringify(eventView(event, this.config.livemode)));
  }

  private async taken(endpoint: DueEndpoint, row: DeliveryRow, result: TryResult): Promise<boolean> {
    await this.store.end(row, result, 'sent', null);
    if (endpoint.failing_since !== null) {
      await this.endpoints.reached(endpoint.id);
      endpoint.failing_since = null;
    }
    return true;
  }

  private async failed(endpoint: DueEndpoint, row: DeliveryRow, result: TryResult): Promise<boolean> {
    const wait = waitAfter(row.tries + 1 - row.round_from);
    const dueAt = wait === null ? null : new Date(Date.now() + wait);
    await this.store.end(row, result, dueAt ? 'new' : 'failed', dueAt);
    if (endpoint.failing_since === null) {
      await this.endpoints.failing(endpoint.id);
      endpoint.failing_since = new Date();
    }
    if (!dueAt) await this.endpoints.disable(endpoint.id, new Date(Date.now() - DISABLED_AFTER_MS));
    return false;
  }
}

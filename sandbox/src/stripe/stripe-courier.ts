import { eventBody, signatureHeader, type Json } from '@yidian/connectors/stripe/wire';
import type { NdjsonLog } from '../journal/ndjson-log';
import type { PlatformAddress } from '../wire/signed-client';
import type { StripeKeys } from './stripe-keys';

export interface Notice {
  id: string;
  type: string;
  object: Json;
  created: number;
  copies: number;
}
export type CourierEvent = { t: 'notice'; notice: Notice } | { t: 'delivered'; id: string };

/** Waits between tries: seconds at first, so that a restart of the platform is bridged quickly. */
const LADDER_MS = [300, 700, 1_500, 3_000, 5_000, 10_000, 30_000, 60_000, 300_000];

/** Brings events until they are taken, across restarts of either side: each try is signed anew. */
export class StripeCourier {
  private readonly open = new Map<string, Notice>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly log: NdjsonLog<CourierEvent>,
    private readonly platform: PlatformAddress,
    private readonly path: string,
    private readonly keys: StripeKeys,
  ) {
    log.replay((event) => this.apply(event));
    for (const notice of this.open.values()) this.later(notice, 0);
  }

  get undelivered(): number {
    return this.open.size;
  }

  send(notice: Notice): void {
    this.log.append({ t: 'notice', notice });
    this.apply({ t: 'notice', notice });
    void this.deliver(notice, 0);
  }

  /** A lie, signed with a secret that is not the endpoint's. */
  sendForged(notice: Notice): void {
    void this.post(notice, ['whsec_of_somebody_else']);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private async deliver(notice: Notice, tried: number): Promise<void> {
    for (let copy = 0; copy < notice.copies; copy += 1) {
      if (!(await this.post(notice, this.keys.webhookSecrets))) return this.later(notice, tried);
    }
    this.log.append({ t: 'delivered', id: notice.id });
    this.open.delete(notice.id);
  }

  private later(notice: Notice, tried: number): void {
    const wait = LADDER_MS[Math.min(tried, LADDER_MS.length - 1)] ?? 0;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.deliver(notice, tried + 1);
    }, wait);
    this.timers.add(timer);
  }

  private async post({ id, type, object, created }: Notice, secrets: readonly string[]): Promise<boolean> {
    const body = eventBody(id, type, object, created);
    const signature = signatureHeader(body, secrets, Math.floor(Date.now() / 1_000));
    const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature };
    try {
      const init = { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) };
      const answer = await fetch(this.platform.url + this.path, init);
      await answer.arrayBuffer();
      return answer.status >= 200 && answer.status < 300;
    } catch {
      return false; // not stored for certain is not stored: it goes again under the same id
    }
  }

  private apply(event: CourierEvent): void {
    if (event.t === 'notice') this.open.set(event.notice.id, event.notice);
    else this.open.delete(event.id);
  }
}

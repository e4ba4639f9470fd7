import { newEd25519, signingKey, signRequest, type SigningKey } from '@yidian/security';
import type { NdjsonLog } from '../journal/ndjson-log';
import type { PlatformAddress } from '../wire/signed-client';
import type { Callbacks } from './settler';

interface Parcel {
  eventId: string;
  type: string;
  data: object;
  occurredAt: string;
  copies: number;
}
type CourierEvent = { t: 'parcel'; parcel: Parcel } | { t: 'delivered'; eventId: string };

/** Waits between tries: seconds at first, so that a restart of the platform is bridged quickly. */
const LADDER_MS = [300, 700, 1_500, 3_000, 5_000, 10_000, 30_000, 60_000, 300_000];

/**
 * Brings callbacks to the platform until it has said `success`, across restarts of either side. The event id of a
 * parcel never changes; each try is signed anew.
 */
export class Courier implements Callbacks {
  private readonly open = new Map<string, Parcel>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly log: NdjsonLog<CourierEvent>,
    private readonly platform: PlatformAddress,
    private readonly path: string,
    private readonly key: SigningKey,
  ) {
    log.replay((event) => this.apply(event));
    for (const parcel of this.open.values()) this.later(parcel, 0);
  }

  get undelivered(): number {
    return this.open.size;
  }

  send(event: { eventId: string; type: string; data: object }, copies: number): void {
    const parcel = { ...event, occurredAt: new Date().toISOString(), copies };
    this.log.append({ t: 'parcel', parcel });
    this.apply({ t: 'parcel', parcel });
    void this.deliver(parcel, 0);
  }

  sendForged(event: { eventId: string; type: string; data: object }): void {
    const stranger = signingKey(this.key.keyId, 'ed25519', newEd25519().privateKeyPem);
    void this.post({ ...event, occurredAt: new Date().toISOString(), copies: 1 }, stranger);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private async deliver(parcel: Parcel, tried: number): Promise<void> {
    for (let copy = 0; copy < parcel.copies; copy += 1) {
      if (!(await this.post(parcel, this.key))) return this.later(parcel, tried);
    }
    this.log.append({ t: 'delivered', eventId: parcel.eventId });
    this.open.delete(parcel.eventId);
  }

  private later(parcel: Parcel, tried: number): void {
    const wait = LADDER_MS[Math.min(tried, LADDER_MS.length - 1)] ?? 0;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.deliver(parcel, tried + 1);
    }, wait);
    this.timers.add(timer);
  }

  private async post(parcel: Parcel, key: SigningKey): Promise<boolean> {
    const { eventId, type, occurredAt, data } = parcel;
    const body = JSON.stringify({ event_id: eventId, type, occurred_at: occurredAt, data });
    const headers = { 'content-type': 'application/json' };
    const signed = signRequest({ method: 'POST', url: this.platform.publicUrl + this.path, headers, body }, key);
    try {
      const init = { method: 'POST', headers: { ...headers, ...signed }, body, signal: AbortSignal.timeout(10_000) };
      const answer = await fetch(this.platform.url + this.path, init);
      return answer.status === 200 && (await answer.text()).trim() === 'success';
    } catch {
      return false; // not stored for certain is not stored: it goes again under the same event id
    }
  }

  private apply(event: CourierEvent): void {
    if (event.t === 'parcel') this.open.set(event.parcel.eventId, event.parcel);
    else this.open.delete(event.eventId);
  }
}

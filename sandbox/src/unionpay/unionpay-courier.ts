import { generateKeyPairSync } from 'node:crypto';
import { noticeBody, platformFields, type PlatformSigner, type WireFields } from '@yidian/connectors/unionpay/wire';
import type { NdjsonLog } from '../journal/ndjson-log';
import type { PlatformAddress } from '../wire/signed-client';
import type { UnionPayKeys } from './unionpay-keys';

export interface Notice {
  id: string;
  fields: WireFields;
  url: string;
  copies: number;
}
export type CourierEvent = { t: 'notice'; notice: Notice } | { t: 'delivered'; id: string };

/** Waits between tries: seconds at first, so that a restart of the platform is bridged quickly. */
const LADDER_MS = [300, 700, 1_500, 3_000, 5_000, 10_000, 30_000, 60_000, 300_000];

/** Brings notifications until they are answered with 200, across restarts of either side. */
export class UnionPayCourier {
  private readonly open = new Map<string, Notice>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly log: NdjsonLog<CourierEvent>,
    private readonly platform: PlatformAddress,
    private readonly keys: UnionPayKeys,
  ) {
    log.replay((event) => this.apply(event));
    for (const notice of this.open.values()) this.later(notice, 0);
  }

  get undelivered(): number {
    return this.open.size;
  }

  send(notice: Notice): void {
    if (notice.url === '') return;
    this.log.append({ t: 'notice', notice });
    this.apply({ t: 'notice', notice });
    void this.deliver(notice, 0);
  }

  /** A lie with UnionPay's certificate, signed with a key that is not its own. */
  sendForged(notice: Notice): void {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    void this.post(notice, { ...this.keys.signer, key: privateKey });
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private async deliver(notice: Notice, tried: number): Promise<void> {
    for (let copy = 0; copy < notice.copies; copy += 1) {
      if (!(await this.post(notice, this.keys.signer))) return this.later(notice, tried);
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

  private async post(notice: Notice, signer: PlatformSigner): Promise<boolean> {
    const body = noticeBody(platformFields(notice.fields, signer));
    const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
    try {
      const init = { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) };
      const answer = await fetch(this.reachable(notice.url), init);
      await answer.arrayBuffer();
      return answer.status === 200;
    } catch {
      return false; // not stored for certain is not stored: it goes again as the same event
    }
  }

  /** The platform names itself as the outside sees it; from here it is reached where it listens. */
  private reachable(url: string): string {
    const { publicUrl, url: own } = this.platform;
    return url.startsWith(`${publicUrl}/`) ? own + url.slice(publicUrl.length) : url;
  }

  private apply(event: CourierEvent): void {
    if (event.t === 'notice') this.open.set(event.notice.id, event.notice);
    else this.open.delete(event.id);
  }
}

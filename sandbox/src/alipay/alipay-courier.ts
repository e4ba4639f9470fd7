import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { notification, type Fields } from '@yidian/connectors/alipay/wire';
import { beijingTime } from '@yidian/connectors/alipay/words';
import type { NdjsonLog } from '../journal/ndjson-log';
import type { PlatformAddress } from '../wire/signed-client';
import type { AlipayKeysFile } from './alipay-keys';

export interface Notice {
  /** `notify_id`: the same however often it is told. */
  id: string;
  fields: Fields;
  url: string;
  copies: number;
  /** Services sign their type too; orders do not. */
  keepsSignType: boolean;
}
export type CourierEvent = { t: 'notice'; notice: Notice } | { t: 'delivered'; id: string };

/** Waits between tries: seconds at first, so that a restart of the platform is bridged quickly. */
const LADDER_MS = [300, 700, 1_500, 3_000, 5_000, 10_000, 30_000, 60_000, 300_000];

/** Tells until `success` is answered, across restarts of either side; each try is signed anew. */
export class AlipayCourier {
  private readonly open = new Map<string, Notice>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private stopped = false;

  constructor(
    private readonly log: NdjsonLog<CourierEvent>,
    private readonly platform: PlatformAddress,
    private readonly keys: AlipayKeysFile,
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

  /** A lie that names Alipay's certificate, signed with a key that is not Alipay's. */
  sendForged(notice: Notice): void {
    void this.post(notice, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
  }

  private async deliver(notice: Notice, tried: number): Promise<void> {
    for (let copy = 0; copy < notice.copies; copy += 1) {
      if (!(await this.post(notice, this.keys.signer.key))) return this.later(notice, tried);
    }
    if (this.stopped) return; // told again after the next start
    this.log.append({ t: 'delivered', id: notice.id });
    this.open.delete(notice.id);
  }

  private later(notice: Notice, tried: number): void {
    if (this.stopped) return;
    const wait = LADDER_MS[Math.min(tried, LADDER_MS.length - 1)] ?? 0;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.deliver(notice, tried + 1);
    }, wait);
    this.timers.add(timer);
  }

  private async post({ id, fields, url, keepsSignType }: Notice, key: KeyObject): Promise<boolean> {
    const { app, sellerId, signer } = this.keys;
    const common = { app_id: app.appId, auth_app_id: app.appId, seller_id: sellerId, charset: 'utf-8', version: '1.0' };
    const told = { notify_id: id, notify_time: beijingTime(new Date()), alipay_cert_sn: signer.certSn };
    const body = notification({ ...common, ...told, ...fields }, key, { keepsSignType });
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    try {
      const init = { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) };
      const answer = await fetch(this.reachable(url), init);
      return answer.status === 200 && (await answer.text()) === 'success';
    } catch {
      return false; // not stored for certain is not stored: it goes again under the same id
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

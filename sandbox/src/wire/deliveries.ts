import type { NdjsonLog } from '../journal/ndjson-log';
import type { PlatformAddress } from './signed-client';

/** What the platform is to be told; the id stays the same however often it is told. */
export interface Notice {
  id: string;
  /** How often a provider that repeats itself tells it. */
  copies: number;
}
export type NoticeEvent<N extends Notice> = { t: 'notice'; notice: N } | { t: 'delivered'; id: string };

/** One try, signed anew: whether the platform has surely taken it. `forged`: signed by somebody who is not the provider. */
export type Tell<N extends Notice> = (notice: N, forged: boolean) => Promise<boolean>;

/** Waits between tries: seconds at first, so that a restart of the platform is bridged quickly. */
const LADDER_MS = [300, 700, 1_500, 3_000, 5_000, 10_000, 30_000, 60_000, 300_000];

/** Brings notices to the platform until they are taken, across restarts of either side. */
export class Deliveries<N extends Notice> {
  private readonly open = new Map<string, N>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private stopped = false;

  constructor(
    private readonly log: NdjsonLog<NoticeEvent<N>>,
    private readonly tell: Tell<N>,
  ) {
    log.replay((event) => this.apply(event));
    for (const notice of this.open.values()) this.later(notice, 0);
  }

  get undelivered(): number {
    return this.open.size;
  }

  send(notice: N): void {
    this.log.append({ t: 'notice', notice });
    this.apply({ t: 'notice', notice });
    void this.deliver(notice, 0);
  }

  /** A lie; told once. */
  sendForged(notice: N): void {
    void this.tell(notice, true);
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
  }

  private async deliver(notice: N, tried: number): Promise<void> {
    for (let copy = 0; copy < notice.copies; copy += 1) {
      if (!(await this.tell(notice, false))) return this.later(notice, tried);
    }
    if (this.stopped) return; // told again after the next start
    this.log.append({ t: 'delivered', id: notice.id });
    this.open.delete(notice.id);
  }

  private later(notice: N, tried: number): void {
    if (this.stopped) return;
    const wait = LADDER_MS[Math.min(tried, LADDER_MS.length - 1)] ?? 0;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.deliver(notice, tried + 1);
    }, wait);
    this.timers.add(timer);
  }

  private apply(event: NoticeEvent<N>): void {
    if (event.t === 'notice') this.open.set(event.notice.id, event.notice);
    else this.open.delete(event.id);
  }
}

/**
 * One post to the platform's door; null when nothing was heard, and not taken for certain is not taken. The platform names
 * itself as the outside sees it; from here it is reached where it listens.
 */
export async function posted(
  { publicUrl, url: own }: PlatformAddress,
  url: string,
  message: { headers: Record<string, string>; body: string | Buffer },
): Promise<{ status: number; text: string } | null> {
  const reachable = url.startsWith(`${publicUrl}/`) ? own + url.slice(publicUrl.length) : url;
  try {
    const init = { method: 'POST', headers: message.headers, body: message.body, signal: AbortSignal.timeout(10_000) };
    const answer = await fetch(reachable, init);
    return { status: answer.status, text: await answer.text() };
  } catch {
    return null;
  }
}

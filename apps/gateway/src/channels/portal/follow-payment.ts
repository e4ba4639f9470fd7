import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { PaymentView } from '../../payments';

const LOOK_MS = 500;
const BEAT_MS = 15_000;
const LONGEST_MS = 10 * 60_000;

/**
 * Follows one payment for a page that waits: rows are looked at, so it says the same on every replica and after a
 * restart. The page polls when the stream breaks.
 */
@Injectable()
export class FollowPayment implements BeforeApplicationShutdown {
  private readonly open = new Set<() => void>();

  stream(first: PaymentView, read: () => Promise<PaymentView>, reply: FastifyReply): void {
    reply.hijack();
    const out = reply.raw;
    out.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    let last = '';
    let beatAt = Date.now();
    const until = Date.now() + LONGEST_MS;
    const end = (): void => {
      clearTimeout(timer);
      this.open.delete(end);
      out.end();
    };
    const show = (view: PaymentView): void => {
      const data = JSON.stringify(view);
      if (data === last) return;
      last = data;
      out.write(`event: payment\ndata: ${data}\n\n`);
    };
    const look = async (): Promise<void> => {
      const view = await read().catch(() => undefined);
      if (!this.open.has(end)) return;
      if (view) show(view);
      if (view?.final || Date.now() > until) return end();
      if (Date.now() - beatAt > BEAT_MS) {
        out.write(': here\n\n');
        beatAt = Date.now();
      }
      timer = setTimeout(() => void look(), LOOK_MS);
    };
    let timer: NodeJS.Timeout | undefined;
    this.open.add(end);
    out.on('close', end);
    show(first);
    if (first.final) end();
    else timer = setTimeout(() => void look(), LOOK_MS);
  }

  /** A stream never holds up a stop. */
  beforeApplicationShutdown(): void {
    for (const end of [...this.open]) end();
  }
}

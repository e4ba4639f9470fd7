import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Problem } from '@yidian/errors';
import type { FastifyReply } from 'fastify';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentView } from '../../payments';

/** A page follows its payment by polling too, so a stream that ends costs nothing but a little delay. */
const LONGEST_MS = 5 * 60_000;
const BEAT_MS = 15_000;
const MAX_OPEN = 300;
const MAX_PER_CUSTOMER = 5;

/** Most payments end within seconds; what takes longer is waited for more slowly. */
const pauseAfter = (ms: number): number => (ms < 10_000 ? 300 : ms < 60_000 ? 1_000 : 4_000);

/** Headers that hooks have set so far: the request's id, the pages' policy. */
const policyOf = (reply: FastifyReply): OutgoingHttpHeaders => reply.getHeaders() as OutgoingHttpHeaders;

/** Server-sent events of one payment: its whole state whenever that changes, closed when it is final. */
@Injectable()
export class PaymentStreams implements BeforeApplicationShutdown {
  private readonly open = new Map<ServerResponse, string>();

  /**
   * @param read the payment as it stands; fails for a moment without ending the stream
   * @throws Problem rate_limited before anything is sent
   */
  follow(reply: FastifyReply, customer: string, first: PaymentView, read: () => Promise<PaymentView>): void {
    const own = [...this.open.values()].filter((one) => one === customer).length;
    if (this.open.size >= MAX_OPEN || own >= MAX_PER_CUSTOMER) throw new Problem('rate_limited', { retryAfter: 15 });
    reply.hijack();
    const out = reply.raw;
    this.open.set(out, customer);
    out.once('close', () => this.open.delete(out));
    out.on('error', () => out.destroy());
    out.writeHead(200, {
      ...policyOf(reply),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'close',
      'x-accel-buffering': 'no',
    });
    out.write('retry: 3000\n\n');
    void this.run(out, first, read);
  }

  count(): number {
    return this.open.size;
  }

  beforeApplicationShutdown(): void {
    for (const out of this.open.keys()) out.end();
  }

  private async run(out: ServerResponse, first: PaymentView, read: () => Promise<PaymentView>): Promise<void> {
    const started = Date.now();
    let view: PaymentView | undefined = first;
    let told = '';
    let toldAt = started;
    while (!out.writableEnded && !out.destroyed) {
      const text = view ? JSON.stringify(view) : told;
      const news = text !== told;
      if (news) out.write(`event: payment\ndata: ${text}\n\n`);
      else if (Date.now() - toldAt > BEAT_MS) out.write(': here\n\n');
      if (news || Date.now() - toldAt > BEAT_MS) toldAt = Date.now();
      told = text;
      const age = Date.now() - started;
      if (view?.final || age > LONGEST_MS) return void out.end();
      await sleep(pauseAfter(age), undefined, { ref: false }); // a page that waits keeps no process alive
      view = await read().catch(() => undefined);
    }
  }
}

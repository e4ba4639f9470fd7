import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { World } from '../world';
import { newMessageId, type ShortMessage } from './phones';
import { mobileTerminated, SIGNATURE_HEADER } from './smsc';

const number = z.string().regex(/^1\d{10}$/);
const outgoing = z.object({ number, text: z.string().min(1).max(300), id: z.string().max(100).optional() });

/** The message centre's door for the gateway. */
export function smscRoutes(app: FastifyInstance, world: World): void {
  app.post('/smsc/mt', async (request, answer) => {
    const signature = request.headers[SIGNATURE_HEADER];
    if (typeof signature !== 'string' || !world.smsc.verify(request.wireBody ?? Buffer.alloc(0), signature)) {
      return answer.code(401).send({ code: 'signature_invalid' });
    }
    const message = mobileTerminated.safeParse(request.body);
    if (!message.success) return answer.code(400).send({ code: 'malformed', detail: message.error.message });
    world.smsc.deliver(message.data);
    return { id: message.data.id, status: 'delivered' };
  });
}

/** What somebody holding a phone can do. Numbers travel in bodies, as everywhere. */
export function phoneRoutes(app: FastifyInstance, world: World): void {
  app.post('/sandbox/api/phones/inbox', async (request, answer) => {
    const asked = z.object({ number }).safeParse(request.body);
    if (!asked.success) return answer.code(400).send({ code: 'malformed' });
    return { messages: world.phones.inbox(asked.data.number).slice(-50) };
  });
  app.post('/sandbox/api/phones/send', async (request, answer) => {
    const message = outgoing.safeParse(request.body);
    if (!message.success) return answer.code(400).send({ code: 'malformed' });
    const { id = newMessageId(), number: from, text } = message.data;
    await world.smsc.submit(id, from, text);
    return { id };
  });
  app.get('/sandbox/api/phones/stream', (_request, answer) => {
    answer.hijack();
    const out = answer.raw;
    out.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    out.write('retry: 1000\n\n');
    const stop = world.phones.listen((message: ShortMessage) => {
      out.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
    });
    const beat = setInterval(() => out.write(': here\n\n'), 15_000);
    out.on('close', () => {
      stop();
      clearInterval(beat);
    });
  });
}

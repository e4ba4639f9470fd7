import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { World } from '../world';
import { BEHAVIOURS, type BehaviourName } from './behaviour';
import { damageSchema } from './damage';

const behaviourName = z.enum(Object.keys(BEHAVIOURS) as [BehaviourName, ...BehaviourName[]]);
const fault = z.object({
  id: z.string().max(100).optional(),
  behaviour: behaviourName,
  agreement_ref: z.string().optional(),
  amount: z.string().regex(/^\d+$/).optional(),
  times: z.number().int().min(1).max(1000).default(1),
});
const plainDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** Levers behind the bank: faults, orders, damage of statements, cut-off. For the front door and for tests. */
export function controlRoutes(app: FastifyInstance, world: World): void {
  const { bank } = world;
  app.addHook('preHandler', ownPagesOnly);
  app.get('/sandbox/api/bank', () => ({
    date: bank.date,
    faults: bank.book.rules,
    undelivered_callbacks: world.courier.undelivered,
    orders: [...bank.book.orders.values()].slice(-50).reverse(),
    behaviours: BEHAVIOURS,
  }));
  app.post('/sandbox/api/bank/faults', async (request, answer) => {
    const wish = fault.safeParse(request.body);
    if (!wish.success) return answer.code(400).send({ code: 'malformed', detail: wish.error.message });
    const { id = randomUUID(), behaviour, agreement_ref: agreementRef, amount, times } = wish.data;
    const narrow = {
      ...(agreementRef === undefined ? {} : { agreementRef }),
      ...(amount === undefined ? {} : { amount }),
    };
    bank.wish({ id, behaviour, times, ...narrow });
    return { id };
  });
  app.delete<{ Params: { id: string } }>('/sandbox/api/bank/faults/:id', (request) => {
    bank.unwish(request.params.id);
    return { faults: bank.book.rules };
  });
  agreementRoutes(app, world);
  app.post('/sandbox/api/bank/statement_damage', async (request, answer) => {
    const wish = z.object({ date: plainDate, damages: z.array(damageSchema).max(1000) }).safeParse(request.body);
    if (!wish.success) return answer.code(400).send({ code: 'malformed', detail: wish.error.message });
    bank.damage(wish.data.date, wish.data.damages);
    return { date: wish.data.date, damages: wish.data.damages.length };
  });
  app.post<{ Params: { code: string } }>('/sandbox/api/providers/:code/cut', async (request, answer) => {
    const source = world.source(request.params.code);
    const wish = z.object({ date: plainDate }).safeParse(request.body);
    if (!source || !wish.success) return answer.code(400).send({ code: 'malformed' });
    source.cut(wish.data.date);
    return { date: source.date };
  });
}

/** The bank's own counter: its customer signs and ends there; the codes it has sent can be read here. */
function agreementRoutes(app: FastifyInstance, { bank }: World): void {
  app.get('/sandbox/api/bank/agreements', () => ({
    agreements: [...bank.book.agreements.values()].slice(-50).reverse(),
  }));
  app.post('/sandbox/api/bank/agreements', async (request, answer) => {
    const fen = z.number().int().positive();
    const limits = z.object({ payment: fen, day: fen, month: fen });
    const wish = z.object({ number: z.string().regex(/^1\d{10}$/), limits: limits.optional() }).safeParse(request.body);
    if (!wish.success) return answer.code(400).send({ code: 'malformed', detail: wish.error.message });
    return bank.agreements.signHere(wish.data.number, wish.data.limits);
  });
  app.delete<{ Params: { no: string } }>('/sandbox/api/bank/agreements/:no', (request, answer) => {
    const ended = bank.agreements.endHere(request.params.no);
    return ended ?? answer.code(404).send({ code: 'not_found' });
  });
}

/** Another site's page must not pull the levers through a visitor's browser. */
async function ownPagesOnly(request: FastifyRequest, answer: FastifyReply): Promise<void> {
  const { origin, host } = request.headers;
  const changes = request.method !== 'GET' && request.url.startsWith('/sandbox/api/');
  if (changes && origin !== undefined && origin !== `http://${host ?? ''}`) {
    await answer.code(403).send({ code: 'foreign_origin' });
  }
}

import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { deliver } from '../bank/bank.routes';
import type { Reply } from '../bank/order-answer';
import type { Province } from './province';
import * as wire from './province-wire';

/** A province's interface. The door in front of it has checked the signature and signs what leaves. */
export function provinceRoutes(app: FastifyInstance, province: Province): void {
  const on = <S extends z.ZodType>(path: string, schema: S, act: (body: z.output<S>) => Reply) =>
    app.post(path, async (request, answer) => {
      const body = schema.safeParse(request.body);
      if (!body.success) return answer.code(400).send({ code: 'malformed', detail: body.error.message });
      return deliver(request, answer, act(body.data));
    });
  on('/v1/credits', wire.creditRequest, (body) => province.credit(body));
  on('/v1/credits/query', wire.orderQuery, ({ reference }) => province.query(reference));
  on('/v1/reversals', wire.reversalRequest, (body) => province.reverse(body));
  on('/v1/reversals/query', wire.orderQuery, ({ reference }) => province.query(reference));
  on('/v1/reversals/cancel', wire.orderQuery, ({ reference }) => province.cancel(reference));
  on('/v1/numbers/query', wire.numberQuery, ({ number }) => province.number(number));
  app.get<{ Params: { date: string } }>('/v1/credits/:date', async (request, answer) => {
    const { date } = request.params;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return answer.code(400).send({ code: 'malformed' });
    const file = province.file(date);
    if (file === null || file === 'not_ready') return answer.code(404).send({ code: file ?? 'none_today' });
    return answer.type('text/plain; charset=utf-8').send(file.text);
  });
}

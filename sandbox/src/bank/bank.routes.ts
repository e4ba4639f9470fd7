import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Bank } from './bank';
import * as wire from './bank-wire';
import type { Reply } from './order-answer';

/** A caller that waits longer than this without an answer is not waiting any more. */
const HANG_MS = 60_000;

/** The bank's direct interface. The door in front of it has checked the signature and signs what leaves. */
export function bankRoutes(app: FastifyInstance, bank: Bank): void {
  const on = <S extends z.ZodType>(path: string, schema: S, act: (body: z.output<S>) => Reply) =>
    app.post(path, async (request, answer) => {
      const body = schema.safeParse(request.body);
      if (!body.success) return answer.code(400).send({ code: 'malformed', detail: body.error.message });
      return deliver(request, answer, act(body.data));
    });
  on('/v1/debits', wire.debitRequest, (body) => bank.debits.take(body));
  on('/v1/debits/query', wire.attemptQuery, (body) => bank.debits.query(body.attempt_no));
  on('/v1/cashiers', wire.cashierRequest, (body) => bank.cashiers.open(body));
  on('/v1/cashiers/close', wire.attemptQuery, (body) => bank.cashiers.close(body.attempt_no));
  on('/v1/refunds', wire.refundRequest, (body) => bank.refunds.give(body));
  on('/v1/refunds/query', wire.refundQuery, (body) => bank.refunds.query(body.refund_no));
  on('/v1/agreements', wire.agreementRequest, (body) => bank.agreements.open(body));
  on('/v1/agreements/checks', wire.accountCheck, (body) => bank.agreements.check(body));
  on('/v1/agreements/confirm', wire.accountCode, (body) => bank.agreements.confirm(body.agreement_no, body.code));
  on('/v1/agreements/query', wire.agreementQuery, (body) => bank.agreements.query(body.agreement_no));
  on('/v1/agreements/end', wire.agreementQuery, (body) => bank.agreements.end(body.agreement_no));
  app.get<{ Params: { date: string } }>('/v1/agreement-files/:date', (request, answer) => {
    const { date } = request.params;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return answer.code(400).send({ code: 'malformed' });
    if (date >= bank.date) return answer.code(404).send({ code: 'not_ready' });
    return answer.type('text/plain; charset=utf-8').send(bank.agreements.file(bank.code, date));
  });
  app.get('/v1/health', () => ({ status: 'ok' }));
}

/** Lets an answer leave as the reply wants it: late, cut, never, or as it is. */
export async function deliver(request: FastifyRequest, answer: FastifyReply, reply: Reply): Promise<FastifyReply> {
  if (reply.delayMs > 0) await sleep(reply.delayMs);
  if (reply.delivery === 'cut' || reply.delivery === 'hang') {
    answer.hijack();
    const drop = () => request.raw.socket.destroy();
    if (reply.delivery === 'cut') drop();
    else setTimeout(drop, HANG_MS).unref();
    return answer;
  }
  return answer.code(reply.status).send(reply.body);
}

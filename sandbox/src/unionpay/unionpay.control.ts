import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { leversOf } from '../wire/levers';
import type { UnionPay } from './unionpay';

const fen = z.string().regex(/^-?[1-9]\d{0,14}$/);
const ROOT = '/sandbox/api/unionpay';

/** Levers behind UnionPay, for the front door and for tests. */
export function unionPayControl(app: FastifyInstance, unionPay: UnionPay): void {
  const { book, courier } = unionPay;
  leversOf(app, {
    name: 'unionpay',
    book,
    courier,
    orders: () => book.orders.values(),
    cut: (date) => unionPay.cut(date),
  });
  leversOfPeople(app, unionPay);
}

/** What people at UnionPay, at the banks and at the merchant's desk do without asking us. */
function leversOfPeople(app: FastifyInstance, unionPay: UnionPay): void {
  app.post(`${ROOT}/certificate_change`, () => ({ cert_id: unionPay.keys.change() }));
  app.post<{ Params: { id: string } }>(`${ROOT}/orders/:id/refund`, async (request, answer) => {
    const wish = z.object({ amount: fen }).safeParse(request.body);
    const refund = wish.success ? unionPay.refunds.byHand(request.params.id, BigInt(wish.data.amount)) : null;
    return refund ?? answer.code(400).send({ code: 'not_possible' });
  });
  app.post<{ Params: { id: string } }>(`${ROOT}/orders/:id/dispute`, async (request, answer) => {
    const wish = z.object({ amount: fen }).safeParse(request.body);
    const done = wish.success && unionPay.refunds.dispute(request.params.id, BigInt(wish.data.amount));
    return done ? { date: unionPay.book.date } : answer.code(400).send({ code: 'not_possible' });
  });
  app.post<{ Params: { id: string } }>(`${ROOT}/bindings/:id/end`, async (request, answer) => {
    const ended = unionPay.bindings.endByPayer(request.params.id);
    return ended ? { bind_id: request.params.id } : answer.code(400).send({ code: 'not_possible' });
  });
}

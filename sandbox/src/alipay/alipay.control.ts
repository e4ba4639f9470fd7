import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { leversOf } from '../wire/levers';
import type { Alipay } from './alipay';

const ROOT = '/sandbox/api/alipay';

/** Levers behind Alipay, for the front door and for tests. */
export function alipayControl(app: FastifyInstance, alipay: Alipay): void {
  const { book, courier } = alipay;
  leversOf(app, {
    name: 'alipay',
    book,
    courier,
    orders: () => book.orders.values(),
    cut: (date) => alipay.cut(date),
  });
  leversOfPeople(app, alipay);
}

/** What people at Alipay, on its pages and in the payer's phone do without asking us. */
function leversOfPeople(app: FastifyInstance, alipay: Alipay): void {
  app.post(`${ROOT}/certificate_change`, () => ({ alipay_cert_sn: alipay.keys.change() }));
  app.post<{ Params: { no: string } }>(`${ROOT}/orders/:no/refund`, async (request, answer) => {
    const wish = z.object({ amount: z.string().regex(/^[1-9]\d{0,15}$/) }).safeParse(request.body);
    const refund = wish.success ? alipay.refunds.byHand(request.params.no, BigInt(wish.data.amount)) : null;
    return refund ?? answer.code(400).send({ code: 'not_possible' });
  });
  app.post<{ Params: { no: string } }>(`${ROOT}/agreements/:no/end`, async (request, answer) => {
    const agreement = alipay.book.agreements.get(request.params.no);
    if (!agreement) return answer.code(404).send({ code: 'not_found' });
    return alipay.agreements.end({ agreement_no: agreement.no }).body;
  });
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { leversOf } from '../wire/levers';
import type { Wechat } from './wechat';

const ROOT = '/sandbox/api/wechat_pay';

/** Levers behind WeChat Pay, for the front door and for tests. */
export function wechatControl(app: FastifyInstance, wechat: Wechat): void {
  const { book, courier } = wechat;
  leversOf(app, {
    name: 'wechat_pay',
    book,
    courier,
    orders: () => book.orders.values(),
    cut: (date) => wechat.cut(date),
  });
  leversOfPeople(app, wechat);
}

/** What people at WeChat Pay, at the merchant platform and in the payer's phone do without asking us. */
function leversOfPeople(app: FastifyInstance, wechat: Wechat): void {
  app.post(`${ROOT}/certificate_change`, () => ({ serial: wechat.keys.change() }));
  app.post<{ Params: { no: string } }>(`${ROOT}/orders/:no/refund`, async (request, answer) => {
    const wish = z.object({ amount: z.string().regex(/^[1-9]\d{0,15}$/) }).safeParse(request.body);
    const refund = wish.success ? wechat.refunds.byHand(request.params.no, BigInt(wish.data.amount)) : null;
    return refund ?? answer.code(400).send({ code: 'not_possible' });
  });
  app.post<{ Params: { code: string } }>(`${ROOT}/contracts/:code/end`, async (request, answer) => {
    const contract = wechat.book.contracts.get(request.params.code);
    if (!contract) return answer.code(404).send({ code: 'not_found' });
    const { status, body } = wechat.contracts.end(contract.planId, contract.code, 'USER_TERMINATE');
    return answer.code(status).send(body);
  });
}

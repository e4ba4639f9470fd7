import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { BEHAVIOURS, type BehaviourName } from '../bank/behaviour';
import { damageSchema } from '../bank/damage';
import type { Alipay } from './alipay';
import type { AlipayRule } from './alipay-book';

const fault = z.object({
  id: z.string().max(100).optional(),
  what: z.enum(['debit', 'refund']).default('debit'),
  behaviour: z.enum(Object.keys(BEHAVIOURS) as [BehaviourName, ...BehaviourName[]]),
  /** Of debits the agreement, of refunds the order that money goes back from. */
  agreement_ref: z.string().optional(),
  amount: z.string().regex(/^\d+$/).optional(),
  times: z.number().int().min(1).max(1000).default(1),
});
const plainDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const ROOT = '/sandbox/api/alipay';

/** Levers behind Alipay, for the front door and for tests. */
export function alipayControl(app: FastifyInstance, alipay: Alipay): void {
  const { book } = alipay;
  app.get(ROOT, () => ({
    date: book.date,
    faults: book.rules,
    undelivered_callbacks: alipay.courier.undelivered,
    orders: [...book.orders.values()].slice(-50).reverse(),
    behaviours: BEHAVIOURS,
  }));
  app.post(`${ROOT}/faults`, async (request, answer) => {
    const wish = fault.safeParse(request.body);
    if (!wish.success) return answer.code(400).send({ code: 'malformed', detail: wish.error.message });
    const rule = ruleOf(wish.data);
    book.put({ t: 'rules', rules: [...book.rules.filter(({ id }) => id !== rule.id), rule] });
    return { id: rule.id };
  });
  app.delete<{ Params: { id: string } }>(`${ROOT}/faults/:id`, (request) => {
    book.put({ t: 'rules', rules: book.rules.filter(({ id }) => id !== request.params.id) });
    return { faults: book.rules };
  });
  app.post(`${ROOT}/statement_damage`, async (request, answer) => {
    const wish = z.object({ date: plainDate, damages: z.array(damageSchema).max(1000) }).safeParse(request.body);
    if (!wish.success) return answer.code(400).send({ code: 'malformed', detail: wish.error.message });
    book.put({ t: 'damage', ...wish.data });
    return { date: wish.data.date, damages: wish.data.damages.length };
  });
  app.post('/sandbox/api/providers/alipay/cut', async (request, answer) => {
    const wish = z.object({ date: plainDate }).safeParse(request.body);
    if (!wish.success) return answer.code(400).send({ code: 'malformed' });
    alipay.cut(wish.data.date);
    return { date: book.date };
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

function ruleOf({ id = randomUUID(), agreement_ref, amount, ...rest }: z.output<typeof fault>): AlipayRule {
  return {
    ...{ id, ...rest },
    ...(agreement_ref === undefined ? {} : { agreementRef: agreement_ref }),
    ...(amount === undefined ? {} : { amount }),
  };
}

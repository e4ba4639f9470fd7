import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { BEHAVIOURS, type BehaviourName } from '../bank/behaviour';
import { damageSchema } from '../bank/damage';
import type { UnionPay } from './unionpay';
import type { UnionPayRule } from './unionpay-book';

const fault = z.object({
  id: z.string().max(100).optional(),
  what: z.enum(['debit', 'refund']).default('debit'),
  behaviour: z.enum(Object.keys(BEHAVIOURS) as [BehaviourName, ...BehaviourName[]]),
  /** Of debits the binding, of refunds UnionPay's number of the order that money goes back from. */
  agreement_ref: z.string().optional(),
  amount: z.string().regex(/^\d+$/).optional(),
  times: z.number().int().min(1).max(1000).default(1),
});
const plainDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const fen = z.string().regex(/^-?[1-9]\d{0,14}$/);
const ROOT = '/sandbox/api/unionpay';

/** Levers behind UnionPay, for the front door and for tests. */
export function unionPayControl(app: FastifyInstance, unionPay: UnionPay): void {
  const { book } = unionPay;
  app.get(ROOT, () => ({
    date: book.date,
    faults: book.rules,
    undelivered_callbacks: unionPay.courier.undelivered,
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
  app.post('/sandbox/api/providers/unionpay/cut', async (request, answer) => {
    const wish = z.object({ date: plainDate }).safeParse(request.body);
    if (!wish.success) return answer.code(400).send({ code: 'malformed' });
    unionPay.cut(wish.data.date);
    return { date: book.date };
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

function ruleOf({
  id = randomUUID(),
  what,
  behaviour,
  agreement_ref,
  amount,
  times,
}: z.output<typeof fault>): UnionPayRule {
  return {
    ...{ id, what, behaviour, times },
    ...(agreement_ref === undefined ? {} : { agreementRef: agreement_ref }),
    ...(amount === undefined ? {} : { amount }),
  };
}

import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { BEHAVIOURS, type BehaviourName } from '../bank/behaviour';
import { damageSchema } from '../bank/damage';
import type { StripeWorld } from './stripe';
import type { StripeRule } from './stripe-book';

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
const ROOT = '/sandbox/api/stripe';

/** Levers behind Stripe, for the front door and for tests. */
export function stripeControl(app: FastifyInstance, stripe: StripeWorld): void {
  const { book } = stripe;
  app.get(ROOT, () => ({
    date: book.date,
    faults: book.rules,
    undelivered_callbacks: stripe.courier.undelivered,
    orders: [...book.intents.values()].slice(-50).reverse(),
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
  app.post('/sandbox/api/providers/stripe/cut', async (request, answer) => {
    const wish = z.object({ date: plainDate }).safeParse(request.body);
    if (!wish.success) return answer.code(400).send({ code: 'malformed' });
    stripe.cut(wish.data.date);
    return { date: book.date };
  });
  leversOfPeople(app, stripe);
}

type No = { Params: { no: string } };

/** What people at the dashboard, at the payer's bank and the payer himself do without asking us. */
function leversOfPeople(app: FastifyInstance, stripe: StripeWorld): void {
  app.post(`${ROOT}/secret_roll`, () => ({ webhook_secret: stripe.keys.roll() }));
  app.post<No>(`${ROOT}/orders/:no/refund`, async (request, answer) => {
    const wish = z.object({ amount: z.string().regex(/^[1-9]\d{0,14}$/) }).safeParse(request.body);
    const intent = stripe.ofOrder(request.params.no);
    const refund = wish.success && intent ? stripe.refunds.byHand(intent, BigInt(wish.data.amount)) : null;
    return refund ?? answer.code(400).send({ code: 'not_possible' });
  });
  app.post<No>(`${ROOT}/orders/:no/dispute`, async (request, answer) => {
    const intent = stripe.ofOrder(request.params.no);
    return (intent && stripe.refunds.dispute(intent)) ?? answer.code(400).send({ code: 'not_possible' });
  });
  app.post<{ Params: { id: string } }>(`${ROOT}/accounts/:id/end`, async (request, answer) => {
    const { status, body } = stripe.accounts.detach(request.params.id);
    return answer.code(status).send(body);
  });
}

function ruleOf(wish: z.output<typeof fault>): StripeRule {
  const { id = randomUUID(), what, behaviour, agreement_ref, amount, times } = wish;
  const narrow = {
    ...(agreement_ref === undefined ? {} : { agreementRef: agreement_ref }),
    ...(amount === undefined ? {} : { amount }),
  };
  return { id, what, behaviour, times, ...narrow };
}

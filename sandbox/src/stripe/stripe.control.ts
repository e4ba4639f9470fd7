import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { leversOf } from '../wire/levers';
import type { StripeWorld } from './stripe';

const ROOT = '/sandbox/api/stripe';

/** Levers behind Stripe, for the front door and for tests. */
export function stripeControl(app: FastifyInstance, stripe: StripeWorld): void {
  const { book, courier } = stripe;
  leversOf(app, {
    name: 'stripe',
    book,
    courier,
    orders: () => book.intents.values(),
    cut: (date) => stripe.cut(date),
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

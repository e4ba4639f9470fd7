import { createHash } from 'node:crypto';
import { errorBody } from '@yidian/connectors/stripe/wire';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { deliver } from '../bank/bank.routes';
import { reply, type Reply } from '../bank/order-answer';
import type { StripeWorld } from './stripe';
import type { Form, Keyed } from './stripe-intents';
import { refusal } from './stripe-words';

type Id = { Params: { id: string } };
type Keep = (path: string, act: (form: Form) => Keyed) => void;

/** The API, version 1: only the account's own key comes in. */
export function stripeRoutes(door: FastifyInstance, stripe: StripeWorld): void {
  door.addHook('preHandler', async (request, answer) => {
    if (request.headers.authorization === `Bearer ${stripe.keys.apiKey}`) return;
    await answer.code(401).send(errorBody('invalid_request_error', ''));
  });
  const keep: Keep = (path, act) =>
    void door.post(path, (request, answer) => deliver(request, answer, keyed(stripe, request, act)));
  paymentRoutes(door, stripe, keep);
  accountRoutes(door, stripe, keep);
  reportRoutes(door, stripe, keep);
  door.get('/v1/balance', () => ({ object: 'balance', available: [], pending: [], livemode: false }));
}

function paymentRoutes(door: FastifyInstance, stripe: StripeWorld, keep: Keep): void {
  const { intents, sessions, refunds } = stripe;
  keep('/v1/payment_intents', (form) => intents.debit(form));
  keep('/v1/checkout/sessions', (form) => sessions.open(form));
  keep('/v1/refunds', (form) => refunds.give(form));
  door.get('/v1/payment_intents/search', (request, answer) =>
    deliver(request, answer, intents.search(queryOf(request).get('query') ?? '')),
  );
  door.get('/v1/payment_intents', (request, answer) => deliver(request, answer, intents.list(queryOf(request))));
  door.get<Id>('/v1/payment_intents/:id', (request, answer) =>
    deliver(request, answer, intents.retrieve(request.params.id)),
  );
  door.post<Id>('/v1/payment_intents/:id/cancel', (request, answer) =>
    deliver(request, answer, intents.cancel(request.params.id)),
  );
  door.get('/v1/checkout/sessions', (request, answer) => deliver(request, answer, sessions.list(queryOf(request))));
  door.post<Id>('/v1/checkout/sessions/:id/expire', (request, answer) =>
    deliver(request, answer, sessions.expire(request.params.id)),
  );
  door.get('/v1/refunds', (request, answer) => deliver(request, answer, refunds.list(queryOf(request))));
  door.get<Id>('/v1/refunds/:id', (request, answer) => deliver(request, answer, refunds.retrieve(request.params.id)));
}

function accountRoutes(door: FastifyInstance, { accounts }: StripeWorld, keep: Keep): void {
  const path = '/v1/payment_methods/:id';
  keep('/v1/customers', (form) => accounts.newCustomer(form));
  door.get('/v1/customers/search', (request, answer) =>
    deliver(request, answer, accounts.searchCustomers(queryOf(request).get('query') ?? '')),
  );
  door.get<Id>(path, (request, answer) => deliver(request, answer, accounts.retrieve(request.params.id)));
  door.post<Id>(path, (request, answer) =>
    deliver(request, answer, accounts.update(request.params.id, formOf(request))),
  );
  door.post<Id>(`${path}/detach`, (request, answer) => deliver(request, answer, accounts.detach(request.params.id)));
}

function reportRoutes(door: FastifyInstance, { reports }: StripeWorld, keep: Keep): void {
  keep('/v1/reporting/report_runs', (form) => reports.begin(form));
  door.get<Id>('/v1/reporting/report_types/:id', (request, answer) =>
    deliver(request, answer, reports.type(request.params.id)),
  );
  door.get<Id>('/v1/reporting/report_runs/:id', (request, answer) =>
    deliver(request, answer, reports.retrieve(request.params.id)),
  );
  door.get<Id>('/v1/files/:id/contents', async (request, answer) => {
    const text = reports.file(request.params.id);
    return text === undefined
      ? answer.code(404).send(errorBody('invalid_request_error', 'resource_missing'))
      : answer.type('text/csv').send(text);
  });
}

/** One key is one request for ever: a repeat hears the first answer, another request under it is refused. */
function keyed({ book }: StripeWorld, request: FastifyRequest, act: (form: Form) => Keyed): Reply {
  const given = request.headers['idempotency-key'];
  const key = `${request.routeOptions.url ?? ''} ${typeof given === 'string' ? given : ''}`;
  const form = formOf(request);
  const hash = createHash('sha256')
    .update(JSON.stringify([...form]))
    .digest('hex');
  const known = typeof given === 'string' ? book.kept.get(key) : undefined;
  if (known) {
    if (known.hash !== hash) return refusal(400, 'idempotency_error', '');
    return reply(known.body, { status: known.status });
  }
  const { reply: answer, kept } = act(form);
  // A request that did not fit never began: its key is free.
  if (kept && kept.status !== 400 && typeof given === 'string') book.put({ t: 'kept', kept: { key, hash, ...kept } });
  return answer;
}

const formOf = (request: FastifyRequest): Form =>
  new Map(Object.entries((request.body ?? {}) as Record<string, string>));
const queryOf = (request: FastifyRequest): Form =>
  new Map(
    Object.entries(request.query as Record<string, string | string[]>).map(([name, value]) => [name, String(value)]),
  );

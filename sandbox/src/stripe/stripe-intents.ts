import { listObject, metadataOf, searchObject, type Json } from '@yidian/connectors/stripe/wire';
import { behaviour, type Behaviour } from '../bank/behaviour';
import { chooseBehaviour, takeRule } from '../bank/faults';
import { reply, type Reply } from '../bank/order-answer';
import type { Intent, StripeBook } from './stripe-book';
import { declineCodeOf, type StripeSettler } from './stripe-settler';
import { intentBody, malformed, missing, refusal } from './stripe-words';

export type Form = ReadonlyMap<string, string>;
/** What goes out, and what is kept for the same key: null when it is pretended that the request never came. */
export interface Keyed {
  reply: Reply;
  kept: { status: number; body: object } | null;
}

/** The index of the search lags behind by so much. */
const SEARCH_LAG_MS = 1_500;

/** Debits of a saved account, and questions about every payment. */
export class StripeIntents {
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly book: StripeBook,
    private readonly settler: StripeSettler,
  ) {}

  debit(form: Form): Keyed {
    const amount = form.get('amount') ?? '';
    if (!/^[1-9]\d{0,14}$/.test(amount)) return plain(malformed('amount'));
    const customer = form.get('customer') ?? '';
    const method = this.book.methods.get(form.get('payment_method') ?? '');
    if (method?.customer !== customer || customer === '') return plain(missing('payment_method'));
    const rule = takeRule(this.book, 'debit', { agreementRef: `${customer}:${method.id}`, amount: BigInt(amount) });
    const name = chooseBehaviour(rule, BigInt(amount));
    const chosen = behaviour(name);
    const intent = this.made(form, name);
    if (chosen.effect === 'none') return { reply: sent(intent, chosen), kept: null };
    this.book.put({ t: 'intent', intent });
    this.settler.arrived(intent);
    const { status, body } = truth(intent);
    return { reply: sent(intent, chosen), kept: { status, body } };
  }

  retrieve(id: string): Reply {
    const intent = this.book.intents.get(id);
    if (!intent || isHidden(intent)) return missing('intent');
    return this.isSilent(intent) ? reply({}, { delivery: 'cut' }) : reply(intentBody(intent));
  }

  /** `metadata['order_no']:'…'` is all that is understood. */
  search(query: string): Reply {
    const [, name = '', value = ''] = /^metadata\['(\w+)'\]:'([^']*)'$/.exec(query) ?? [];
    const old = (Date.now() - SEARCH_LAG_MS) / 1_000;
    const found = this.all().filter((one) => one.metadata[name] === value);
    if (found.some((one) => this.isSilent(one))) return reply({}, { delivery: 'cut' });
    return reply(
      searchObject(
        '/v1/payment_intents/search',
        found.filter((one) => one.arrived < old).map((one) => intentBody(one)),
      ),
    );
  }

  list(query: Form): Reply {
    const [from, to] = [
      Number(query.get('created[gte]') ?? 0),
      Number(query.get('created[lte]') ?? Number.MAX_SAFE_INTEGER),
    ];
    const inside = this.all().filter(({ arrived }) => arrived >= from && arrived <= to);
    if (inside.some((one) => behaviour(one.behaviour).silentQueries === Number.POSITIVE_INFINITY))
      return reply({}, { delivery: 'cut' });
    return paged(
      '/v1/payment_intents',
      inside.reverse().map((one) => intentBody(one)),
      query,
    );
  }

  cancel(id: string): Reply {
    const intent = this.book.intents.get(id);
    if (!intent) return missing('intent');
    if (intent.status !== 'requires_payment_method')
      return refusal(400, 'invalid_request_error', 'payment_intent_unexpected_state');
    const canceled: Intent = { ...intent, status: 'canceled' };
    this.book.put({ t: 'intent', intent: canceled });
    return reply(intentBody(canceled));
  }

  private all(): Intent[] {
    return [...this.book.intents.values()].filter((intent) => !isHidden(intent));
  }

  private isSilent(intent: Intent): boolean {
    const times = (this.asked.get(intent.id) ?? 0) + 1;
    this.asked.set(intent.id, times);
    return times <= (behaviour(intent.behaviour).silentQueries ?? 0);
  }

  private made(form: Form, name: Intent['behaviour']): Intent {
    const chosen = behaviour(name);
    const id = this.book.nextId('pi');
    const base = {
      ...{
        id,
        chargeId: `ch_${id.slice(3)}`,
        amount: form.get('amount') ?? '',
        currency: form.get('currency') ?? 'cny',
      },
      ...{ behaviour: name, metadata: metadataOf(form), description: form.get('description') ?? '' },
      ...{ customer: form.get('customer') ?? '', method: form.get('payment_method') ?? '' },
      ...this.book.moment(),
    };
    if (chosen.settlesAfterMs !== undefined)
      return { ...base, status: 'processing', settlesAt: Date.now() + chosen.settlesAfterMs };
    if (chosen.effect === 'refuse')
      return { ...base, status: 'requires_payment_method', declineCode: declineCodeOf(chosen.reason) };
    return { ...base, status: 'succeeded' };
  }
}

export const plain = (answer: Reply): Keyed => ({ reply: answer, kept: { status: answer.status, body: answer.body } });

function isHidden(intent: Intent): boolean {
  return intent.status === 'processing' && behaviour(intent.behaviour).hidden === true;
}

/** A refused card is an error that carries its payment. */
function truth(intent: Intent): Reply {
  if (intent.declineCode === undefined) return reply(intentBody(intent));
  const more = { decline_code: intent.declineCode, payment_intent: intentBody(intent) };
  return refusal(402, 'card_error', 'card_declined', more);
}

function sent(intent: Intent, chosen: Behaviour): Reply {
  const delayMs = chosen.slowMs ?? 0;
  switch (chosen.answer) {
    case 'error':
      return { ...refusal(500, 'api_error', ''), delivery: 'error', delayMs };
    case 'cut':
    case 'hang':
      return reply({}, { delivery: chosen.answer, delayMs });
    case 'wrong_amount':
      return reply(intentBody(intent, (BigInt(intent.amount) + 100n).toString()), { delayMs });
    case 'pending':
    case 'truth':
      return { ...truth(intent), delayMs };
  }
}

/** Newest first, as many as asked for, after the one that is named. */
export function paged(url: string, all: readonly Json[], query: Form): Reply {
  const limit = Math.min(100, Number(query.get('limit') ?? '10'));
  const after = query.get('starting_after');
  const from = after === undefined ? 0 : all.findIndex((one) => one['id'] === after) + 1;
  return reply(listObject(url, all.slice(from, from + limit), all.length > from + limit));
}

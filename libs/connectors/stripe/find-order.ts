import type { OrderRef } from '../contract';
import type { StripeApi } from './api';
import { isMissing } from './failures';
import { intentOutcome, isCashier, orderNoOf } from './intents';
import { intentWord, listOf, ORDER_NO, sessionWord, type IntentWord, type SessionWord } from './words';

/** An order as Stripe knows it; a cashier's page counts before the payment that began on it. */
export type Found = { intent: IntentWord } | { session: SessionWord } | null;

const EXPAND = ['latest_charge'];
const PAGE_EXPAND = ['data.payment_intent.latest_charge'];

/** Between the making of an order and its arrival there: our clock may be wrong, and it may have waited for a place. */
const BEFORE_S = 300;
const AFTER_S = 900;
/** 100 entries each; a window that holds more is not read to its end, and nothing is concluded from it. */
const MOST_PAGES = 10;

/**
 * Finds an order by our number. Retrieving by Stripe's own id comes first; the search is quick but may lag behind by an
 * hour, so a miss there proves nothing, and the lists of the order's time, which do not lag, decide.
 * @throws Error when the order may exist and could not be looked for to the end
 */
export async function findOrder(api: StripeApi, order: OrderRef, signal: AbortSignal): Promise<Found> {
  const found = await lookFor(api, order, signal);
  if (found && orderNoOf('session' in found ? found.session : found.intent) !== order.orderNo)
    throw new Error('another order was answered');
  return found;
}

async function lookFor(api: StripeApi, order: OrderRef, signal: AbortSignal): Promise<Found> {
  if (order.providerTxnId.startsWith('pi_')) return intentById(api, order.providerTxnId, signal);
  const found = await searched(api, order.orderNo, signal);
  if (found) return found;
  return (await listedSession(api, order, signal)) ?? (await listedIntent(api, order, signal));
}

/** With its page where it has one that is still of interest. */
async function intentById(api: StripeApi, id: string, signal: AbortSignal): Promise<Found> {
  const intent = await retrieved(api, id, signal);
  if (!intent) return null;
  if (!isCashier(intent) || !['pending', 'closed'].includes(intentOutcome(intent, true).outcome)) return { intent };
  const answer = await api.call(signal, (kit) =>
    kit.checkout.sessions.list({ payment_intent: id, limit: 1, expand: PAGE_EXPAND }),
  );
  const [session] = listOf(sessionWord).parse(answer).data;
  return session ? { session } : { intent };
}

async function retrieved(api: StripeApi, id: string, signal: AbortSignal): Promise<IntentWord | null> {
  try {
    return intentWord.parse(await api.call(signal, (kit) => kit.paymentIntents.retrieve(id, { expand: EXPAND })));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function searched(api: StripeApi, orderNo: string, signal: AbortSignal): Promise<Found> {
  const query = `metadata['${ORDER_NO}']:'${quoted(orderNo)}'`;
  const answer = await api.call(signal, (kit) => kit.paymentIntents.search({ query, limit: 2 }));
  const { data } = listOf(intentWord).parse(answer);
  if (data.length > 1) throw new Error('two payments carry the same order number');
  // What the index says may be old: the payment itself is asked.
  return data[0] ? intentById(api, data[0].id, signal) : null;
}

async function listedSession(api: StripeApi, order: OrderRef, signal: AbortSignal): Promise<Found> {
  const session = await walk(order, async (page) => {
    const asked = { ...page, expand: PAGE_EXPAND };
    const answer = await api.call(signal, (kit) => kit.checkout.sessions.list(asked));
    return listOf(sessionWord).parse(answer);
  });
  return session && { session };
}

async function listedIntent(api: StripeApi, order: OrderRef, signal: AbortSignal): Promise<Found> {
  const intent = await walk(order, async (page) => {
    const asked = { ...page, expand: ['data.latest_charge'] };
    return listOf(intentWord).parse(await api.call(signal, (kit) => kit.paymentIntents.list(asked)));
  });
  return intent && { intent };
}

interface Page {
  created: { gte: number; lte: number };
  limit: number;
  starting_after?: string;
}
type Numbered = Pick<IntentWord, 'id' | 'metadata'>;

async function walk<T extends Numbered>(
  { orderNo, orderedAt }: OrderRef,
  fetch: (page: Page) => Promise<{ data: T[]; has_more?: boolean | undefined }>,
): Promise<T | null> {
  const ordered = Math.floor(orderedAt.getTime() / 1_000);
  const created = { gte: ordered - BEFORE_S, lte: ordered + AFTER_S };
  let page: Page = { created, limit: 100 };
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const { data, has_more } = await fetch(page);
    const found = data.find((one) => orderNoOf(one) === orderNo);
    if (found) return found;
    const last = data.at(-1);
    if (!has_more || !last) return null;
    page = { created, limit: 100, starting_after: last.id };
  }
  throw new Error('too many orders in the time of this one');
}

/** A quote would end the text of a search. */
export function quoted(text: string): string {
  if (!/^[\w.:-]{1,64}$/.test(text)) throw new Error('a number that no order of ours has');
  return text;
}

import type { z } from 'zod';
import { declined, type Callbacks, type ProviderEvent, type RawCallback, type Verdict } from '../contract';
import { setupOutcome } from './agreements';
import { intentOutcome, isCashier, orderNoOf, settled } from './intents';
import { reasonOf } from './reasons';
import { refundNoOf, refundOutcome } from './refunds';
import { verifySignature } from './signature';
import {
  AGREEMENT_NO,
  anyEventWord,
  at,
  beijingDate,
  chargeWord,
  disputeWord,
  eventWord,
  idOf,
  intentWord,
  mandateWord,
  methodWord,
  money,
  refundWord,
  sessionWord,
  setupWord,
} from './words';

type Event = z.output<typeof eventWord>;
type Head = { eventId: string; occurredAt: Date };

/** Events of Stripe's webhook endpoints, signed over the raw bytes by the endpoint's secret. */
export class StripeCallbacks implements Callbacks {
  /** Any 2xx is "stored"; anything else and it tells again for three days. */
  readonly acknowledgement = { status: 200, contentType: 'text/plain; charset=utf-8', body: 'stored' };

  constructor(
    private readonly secrets: readonly string[],
    private readonly now: () => Date,
  ) {}

  verify(callback: RawCallback): Promise<Verdict> {
    return Promise.resolve(verifySignature(callback, this.secrets, this.now()));
  }

  /** Events of no meaning for us have one too: what is not taken would be told again for three days. */
  eventId(body: Buffer): string | null {
    const known = anyEventWord.safeParse(jsonOf(body));
    return known.success ? known.data.id : null;
  }

  read(body: Buffer): ProviderEvent | null {
    const json = jsonOf(body);
    const known = anyEventWord.safeParse(json);
    const meaning = known.success && Object.hasOwn(MEANINGS, known.data.type) ? MEANINGS[known.data.type] : null;
    if (!meaning) return null;
    const event = eventWord.parse(json);
    return meaning({ eventId: event.id, occurredAt: at(event.created) }, event);
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

/** By the event's type; what is not here has no meaning for us. */
const MEANINGS: Readonly<Record<string, (head: Head, event: Event) => ProviderEvent | null>> = {
  'payment_intent.succeeded': intentEvent,
  'payment_intent.payment_failed': intentEvent,
  'payment_intent.canceled': intentEvent,
  'checkout.session.completed': sessionEvent,
  'checkout.session.async_payment_succeeded': sessionEvent,
  'checkout.session.async_payment_failed': sessionEvent,
  'checkout.session.expired': sessionEvent,
  'refund.created': refundEvent,
  'refund.updated': refundEvent,
  'refund.failed': refundEvent,
  'charge.refund.updated': refundEvent,
  'charge.refunded': chargeEvent,
  'charge.dispute.created': disputeEvent,
  'charge.dispute.funds_withdrawn': disputeEvent,
  'setup_intent.succeeded': setupEvent,
  'mandate.updated': mandateEvent,
  'payment_method.detached': detachedEvent,
};

function intentEvent(head: Head, { type, data, created }: Event): ProviderEvent | null {
  const word = intentWord.parse(data.object);
  const orderNo = orderNoOf(word);
  // A payer whose card was refused at the cashier tries another; only the page's end ends the order.
  if (orderNo === '' || (type === 'payment_intent.payment_failed' && isCashier(word))) return null;
  // The event's time is that of the payment; `created` of the payment is when it began.
  const dated = type === 'payment_intent.succeeded' ? { ...word, created } : word;
  return { ...head, type: 'debit', orderNo, answer: settled(intentOutcome(dated, isCashier(word))) };
}

function sessionEvent(head: Head, event: Event): ProviderEvent | null {
  const word = sessionWord.parse(event.data.object);
  if (word.mode === 'setup') return signingEvent(head, word);
  const orderNo = word.client_reference_id ?? orderNoOf(word);
  if (word.mode !== 'payment' || orderNo === '') return null;
  const debit = (answer: Extract<ProviderEvent, { type: 'debit' }>['answer']): ProviderEvent => ({
    ...head,
    type: 'debit',
    orderNo,
    answer,
  });
  if (event.type === 'checkout.session.expired') return debit({ outcome: 'not_executed', cause: 'expired at Stripe' });
  if (event.type === 'checkout.session.async_payment_failed') return debit(declined(reasonOf(), idOf(intentRef(word))));
  if (word.payment_status !== 'paid') return debit({ outcome: 'pending' });
  const { amount_total: total, currency } = word;
  const payment = idOf(intentRef(word));
  if (typeof total !== 'number' || !currency || payment === '')
    return debit({ outcome: 'unknown', cause: 'a success that lacks its sum' });
  return debit({
    outcome: 'succeeded',
    orderNo,
    providerTxnId: payment,
    ...money(total, currency),
    businessDate: beijingDate(head.occurredAt),
    completedAt: head.occurredAt,
  });
}

const intentRef = ({ payment_intent }: z.output<typeof sessionWord>): string | { id: string } | null =>
  payment_intent ?? null;

/** That a page was signed is told by `setup_intent.succeeded`, which names the account; here only its end is news. */
function signingEvent(head: Head, word: z.output<typeof sessionWord>): ProviderEvent | null {
  const orderNo = word.metadata?.[AGREEMENT_NO] ?? word.client_reference_id ?? '';
  if (orderNo === '') return null;
  const setup = setupWord.safeParse(word.setup_intent);
  if (setup.success) return { ...head, type: 'agreement', orderNo, answer: setupOutcome(setup.data) };
  return { ...head, type: 'agreement', orderNo, answer: { outcome: word.status === 'expired' ? 'ended' : 'pending' } };
}

function setupEvent(head: Head, { data }: Event): ProviderEvent | null {
  const word = setupWord.parse(data.object);
  const orderNo = word.metadata?.[AGREEMENT_NO] ?? '';
  return orderNo === '' ? null : { ...head, type: 'agreement', orderNo, answer: setupOutcome(word) };
}

/** A refund without our number was made by hand at Stripe: the statement tells of it. */
function refundEvent(head: Head, { data }: Event): ProviderEvent | null {
  const word = refundWord.parse(data.object);
  const orderNo = refundNoOf(word);
  return orderNo === '' ? null : { ...head, type: 'refund', orderNo, answer: refundOutcome(word, orderNo) };
}

/** Older API versions send the refunds inside the charge, newest first; in newer ones `refund.*` tells of them. */
function chargeEvent(head: Head, { data }: Event): ProviderEvent | null {
  const newest = refundWord.safeParse(chargeWord.parse(data.object).refunds?.data[0]);
  if (!newest.success || refundNoOf(newest.data) === '') return null;
  const orderNo = refundNoOf(newest.data);
  return { ...head, type: 'refund', orderNo, answer: refundOutcome(newest.data, orderNo) };
}

/**
 * No money has left while a dispute is only an inquiry, was prevented, or shows no booking. A dispute does not carry our
 * number: the payment is named by Stripe's id of it.
 */
function disputeEvent(head: Head, { data }: Event): ProviderEvent | null {
  const word = disputeWord.parse(data.object);
  if (/^(warning_|prevented$)/.test(word.status) || word.balance_transactions?.length === 0) return null;
  const orderNo = orderNoOf(word);
  const answer = {
    orderNo,
    providerTxnId: word.id,
    ...money(word.amount, word.currency),
    businessDate: beijingDate(head.occurredAt),
    completedAt: head.occurredAt,
  };
  const origTxnId = idOf(word.payment_intent) || idOf(word.charge);
  return { ...head, type: 'return', orderNo, origTxnId, answer, reason: word.reason ?? 'dispute' };
}

/** A mandate names its agreement only where the account was sent along. */
function mandateEvent(head: Head, { data }: Event): ProviderEvent | null {
  const { status, payment_method: method } = mandateWord.parse(data.object);
  const orderNo = typeof method === 'object' ? (method?.metadata?.[AGREEMENT_NO] ?? '') : '';
  return status !== 'inactive' || orderNo === '' ? null : ended(head, orderNo);
}

function detachedEvent(head: Head, { data }: Event): ProviderEvent | null {
  const orderNo = methodWord.parse(data.object).metadata?.[AGREEMENT_NO] ?? '';
  return orderNo === '' ? null : ended(head, orderNo);
}

const ended = (head: Head, orderNo: string): ProviderEvent => ({
  ...head,
  type: 'agreement',
  orderNo,
  answer: { outcome: 'ended' },
});

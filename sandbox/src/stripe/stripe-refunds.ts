import { metadataOf, type Json } from '@yidian/connectors/stripe/wire';
import { behaviour, type BehaviourName } from '../bank/behaviour';
import { takeRule } from '../bank/faults';
import { reply, type Reply } from '../bank/order-answer';
import type { Dispute, Intent, Refund, StripeBook } from './stripe-book';
import type { StripeCourier } from './stripe-courier';
import { paged, plain, type Form, type Keyed } from './stripe-intents';
import { bare, disputeBody, malformed, missing, refundBody, refusal } from './stripe-words';

/** Money that goes back: by us, by people at the dashboard, and by the payer's bank. */
export class StripeRefunds {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly book: StripeBook,
    private readonly courier: StripeCourier,
  ) {
    for (const refund of book.refunds.values()) if (refund.status === 'pending') this.schedule(refund, true);
  }

  give(form: Form): Keyed {
    const intent = this.book.intents.get(form.get('payment_intent') ?? '');
    if (intent?.status !== 'succeeded') return plain(missing('payment_intent'));
    const amount = form.get('amount') ?? intent.amount;
    if (!/^[1-9]\d{0,14}$/.test(amount)) return plain(malformed('amount'));
    const refused = this.whyNot(intent, BigInt(amount));
    if (refused) return plain(refused);
    const traits = { agreementRef: intent.metadata['order_no'] ?? '', amount: BigInt(amount) };
    const name = takeRule(this.book, 'refund', traits)?.behaviour ?? 'succeed';
    if (behaviour(name).effect === 'none') return { reply: sent({}, name), kept: null };
    const refund = this.made(intent, amount, metadataOf(form), name);
    this.tell(refund, 'refund.created');
    if (refund.status === 'pending') this.schedule(refund, behaviour(name).effect === 'take');
    const body = refundBody(refund);
    const lie = refundBody(refund, (BigInt(amount) + 100n).toString());
    return { reply: sent(behaviour(name).answer === 'wrong_amount' ? lie : body, name), kept: { status: 200, body } };
  }

  retrieve(id: string): Reply {
    const refund = this.book.refunds.get(id);
    return refund ? reply(refundBody(refund)) : missing('refund');
  }

  list(query: Form): Reply {
    const of = query.get('payment_intent');
    const found = [...this.book.refunds.values()].filter((one) => of === undefined || one.intentId === of);
    return paged(
      '/v1/refunds',
      found.reverse().map((one) => refundBody(one)),
      query,
    );
  }

  /** Somebody at the dashboard gives money back: no number of ours is on it. */
  byHand(intent: Intent, amount: bigint): Refund | null {
    if (intent.status !== 'succeeded' || this.whyNot(intent, amount)) return null;
    const refund = this.made(intent, amount.toString(), {}, 'succeed');
    this.tell(refund, 'refund.created');
    return refund;
  }

  /** The payer's bank takes the money back, days later as a rule. */
  dispute(intent: Intent): Dispute | null {
    if (intent.status !== 'succeeded' || [...this.book.disputes.values()].some((one) => one.intentId === intent.id))
      return null;
    const { amount, currency, id: intentId, chargeId } = intent;
    const dispute: Dispute = { id: this.book.nextId('dp'), intentId, amount, currency, ...this.book.moment() };
    this.book.put({ t: 'dispute', dispute });
    for (const type of ['charge.dispute.created', 'charge.dispute.funds_withdrawn']) {
      const id = `evt_${dispute.id.slice(3)}_${type.endsWith('created') ? 'new' : 'out'}`;
      this.courier.send({ id, type, object: disputeBody(dispute, chargeId), created: dispute.created, copies: 1 });
    }
    return dispute;
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private whyNot(intent: Intent, amount: bigint): Reply | null {
    const given = [...this.book.refunds.values()]
      .filter((one) => one.intentId === intent.id && one.status !== 'failed')
      .reduce((total, one) => total + BigInt(one.amount), 0n);
    if (given >= BigInt(intent.amount)) return refusal(400, 'invalid_request_error', 'charge_already_refunded');
    if (given + amount <= BigInt(intent.amount)) return null;
    return reply(
      { error: { type: 'invalid_request_error', param: 'amount', message: 'more than is left' } },
      { status: 400 },
    );
  }

  private made(intent: Intent, amount: string, metadata: Refund['metadata'], name: BehaviourName): Refund {
    const chosen = behaviour(name);
    const head = { id: this.book.nextId('re'), intentId: intent.id, amount, currency: intent.currency, metadata };
    const base = { ...head, ...this.book.moment() };
    const refund: Refund =
      chosen.settlesAfterMs !== undefined
        ? { ...base, status: 'pending', settlesAt: Date.now() + chosen.settlesAfterMs }
        : chosen.effect === 'refuse'
          ? { ...base, status: 'failed', failure: 'lost_or_stolen_card' }
          : { ...base, status: 'succeeded' };
    this.book.put({ t: 'refund', refund });
    return refund;
  }

  private schedule(refund: Refund, succeeds: boolean): void {
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        const { settlesAt: _done, ...rest } = refund;
        const { date, created } = this.book.moment();
        const done: Refund = { ...rest, date, created, status: succeeds ? 'succeeded' : 'failed' };
        this.book.put({ t: 'refund', refund: done });
        this.tell(done, succeeds ? 'refund.updated' : 'refund.failed');
      },
      Math.max(0, (refund.settlesAt ?? 0) - Date.now()),
    );
    this.timers.add(timer);
  }

  private tell(refund: Refund, type: string): void {
    const id = `evt_${refund.id.slice(3)}_${type.slice(7)}`;
    this.courier.send({ id, type, object: bare(refundBody(refund)), created: refund.created, copies: 1 });
  }
}

function sent(body: Json, name: BehaviourName): Reply {
  const { answer, slowMs: delayMs = 0 } = behaviour(name);
  if (answer === 'cut' || answer === 'hang') return reply({}, { delivery: answer, delayMs });
  if (answer === 'error') return { ...refusal(500, 'api_error', ''), delivery: 'error', delayMs };
  return reply(body, { delayMs });
}

import { metadataOf } from '@yidian/connectors/stripe/wire';
import { behaviour, behaviourByFen } from '../bank/behaviour';
import { reply, type Reply } from '../bank/order-answer';
import type { Intent, Method, Session, StripeBook } from './stripe-book';
import type { StripeCourier } from './stripe-courier';
import { paged, plain, type Form, type Keyed } from './stripe-intents';
import type { StripeSettler } from './stripe-settler';
import { bare, malformed, missing, refusal, sessionBody, setupBody } from './stripe-words';

const SHORTEST_S = 30 * 60;
const LONGEST_S = 24 * 3_600;
/** How long after a close the payer of a `…06` order pays all the same. */
const LATE_MS = 10_000;

/** Pages where payers pay once or sign an account for later. */
export class StripeSessions {
  constructor(
    private readonly book: StripeBook,
    private readonly settler: StripeSettler,
    private readonly courier: StripeCourier,
    private readonly pagesUrl: string,
  ) {}

  open(form: Form): Keyed {
    const mode = form.get('mode') === 'setup' ? 'setup' : 'payment';
    const now = Math.floor(Date.now() / 1_000);
    const expiresAt = Number(form.get('expires_at') ?? now + LONGEST_S);
    // As at Stripe, the shortest life of a page is counted from now.
    if (!(expiresAt >= now + SHORTEST_S && expiresAt <= now + LONGEST_S)) return plain(malformed('expires_at'));
    const amount = form.get('line_items[0][price_data][unit_amount]') ?? '';
    if (mode === 'payment' && !/^[1-9]\d{0,14}$/.test(amount)) return plain(malformed('line_items'));
    if (mode === 'setup' && !this.book.customers.has(form.get('customer') ?? '')) return plain(missing('customer'));
    const session = this.made(form, mode, expiresAt);
    this.book.put({ t: 'session', session });
    return plain(reply(this.body(session)));
  }

  list(query: Form): Reply {
    const [from, to] = [
      Number(query.get('created[gte]') ?? 0),
      Number(query.get('created[lte]') ?? Number.MAX_SAFE_INTEGER),
    ];
    const { intentId, customer } = { intentId: query.get('payment_intent'), customer: query.get('customer') };
    const found = [...this.book.sessions.values()].filter(
      (one) =>
        one.arrived >= from &&
        one.arrived <= to &&
        (intentId === undefined || one.intentId === intentId) &&
        (customer === undefined || one.customer === customer),
    );
    return paged(
      '/v1/checkout/sessions',
      found.reverse().map((one) => this.body(this.upToDate(one))),
      query,
    );
  }

  expire(id: string): Reply {
    const session = this.book.sessions.get(id);
    if (!session) return missing('session');
    if (this.upToDate(session).status !== 'open') return refusal(400, 'invalid_request_error', '');
    const expired = this.end(session, 'expired');
    const paysLate = session.mode === 'payment' && behaviourByFen(BigInt(session.amount)) === 'late';
    if (paysLate) setTimeout(() => this.settler.succeed(this.intentOf(expired), 1), LATE_MS).unref();
    return reply(this.body(expired));
  }

  find(token: string): Session | undefined {
    const session = [...this.book.sessions.values()].find((one) => one.token === token);
    return session && this.upToDate(session);
  }

  /** The payer presses "pay" on the page; false when it can no longer be paid. */
  pay(session: Session): boolean {
    if (session.status !== 'open' || session.mode !== 'payment') return false;
    const intent = this.intentOf(session);
    const done: Session = { ...session, status: 'complete', intentId: intent.id };
    this.settler.succeed(intent, Math.max(1, behaviour(intent.behaviour).callbacks));
    this.book.put({ t: 'session', session: done });
    this.tell('checkout.session.completed', done);
    return true;
  }

  /** The payer presses "agree": an account of his is saved. */
  sign(session: Session): boolean {
    if (session.status !== 'open' || session.mode !== 'setup') return false;
    const id = this.book.nextId('pm');
    const last4 = String(Number.parseInt(this.book.token(`card of ${session.reference}`).slice(0, 6), 16) % 10_000);
    const method: Method = { id, customer: session.customer, last4: last4.padStart(4, '0'), metadata: {} };
    this.book.put({ t: 'method', method });
    const done: Session = { ...session, status: 'complete', methodId: id };
    this.book.put({ t: 'session', session: done });
    this.tell('checkout.session.completed', done);
    const { created } = this.book.moment();
    const object = bare(setupBody(done, method));
    this.courier.send({ id: `evt_${done.setupId}`, type: 'setup_intent.succeeded', object, created, copies: 1 });
    return true;
  }

  private body(session: Session) {
    return sessionBody(this.book, session, this.pagesUrl);
  }

  /** Time ends a page without anybody asking. */
  private upToDate(session: Session): Session {
    const over = session.status === 'open' && session.expiresAt * 1_000 <= Date.now();
    return over ? this.end(session, 'expired') : session;
  }

  private end(session: Session, status: Session['status']): Session {
    const ended: Session = { ...session, status };
    this.book.put({ t: 'session', session: ended });
    this.tell('checkout.session.expired', ended);
    return ended;
  }

  private tell(type: string, session: Session): void {
    const id = `evt_${session.id.slice(-24)}_${session.status}`;
    this.courier.send({ id, type, object: bare(this.body(session)), created: this.book.moment().created, copies: 1 });
  }

  private intentOf(session: Session): Intent {
    const id = this.book.nextId('pi');
    return {
      ...{ id, chargeId: `ch_${id.slice(3)}`, amount: session.amount, currency: session.currency },
      ...{ status: 'requires_payment_method', behaviour: behaviourByFen(BigInt(session.amount)) },
      ...{ metadata: session.innerMetadata, description: session.innerDescription, customer: '', method: '' },
      ...this.book.moment(),
    };
  }

  private made(form: Form, mode: Session['mode'], expiresAt: number): Session {
    const id = this.book.nextId('cs_test');
    const inner = mode === 'setup' ? 'setup_intent_data' : 'payment_intent_data';
    return {
      ...{ id, mode, status: 'open', token: this.book.token(id), reference: form.get('client_reference_id') ?? '' },
      ...{ metadata: metadataOf(form), innerMetadata: metadataOf(form, `${inner}[metadata]`) },
      innerDescription: form.get(`${inner}[description]`) ?? '',
      ...{ returnUrl: form.get('success_url') ?? '', expiresAt, customer: form.get('customer') ?? '' },
      amount: form.get('line_items[0][price_data][unit_amount]') ?? '0',
      currency: form.get('line_items[0][price_data][currency]') ?? 'cny',
      ...{ intentId: '', setupId: mode === 'setup' ? this.book.nextId('seti') : '', methodId: '' },
      ...this.book.moment(),
    };
  }
}

import { StripeCallbacks } from './callbacks';
import { eventBody, intentObject, refundObject, sessionObject, type Json } from './wire';

const UNIX = 1_795_317_360; // 2026-11-22T03:16:00Z
const ORDER = '2611224321500731004201';
const callbacks = new StripeCallbacks(['whsec_12345678'], () => new Date(UNIX * 1_000));
const read = (type: string, object: Json) => callbacks.read(Buffer.from(eventBody('evt_1', type, object, UNIX)));

const intent = (status: string, kind: string, more: Json = {}): Json => ({
  ...intentObject({
    id: 'pi_1',
    amount: 5000,
    currency: 'cny',
    created: UNIX - 60,
    status,
    metadata: { order_no: ORDER, order_kind: kind },
  }),
  ...more,
});
const refused = { type: 'card_error', code: 'card_declined', decline_code: 'insufficient_funds' };
const session = (over: Json): Json => ({
  ...sessionObject({
    id: 'cs_1',
    mode: 'payment',
    status: 'complete',
    created: UNIX,
    expiresAt: UNIX + 1_800,
    reference: ORDER,
    metadata: { order_no: ORDER },
    url: null,
    amount: 5000,
    currency: 'cny',
    intent: 'pi_1',
  }),
  ...over,
});
const refund = (status: string, more: Json = {}): Json => ({
  ...refundObject({
    id: 're_1',
    amount: 2000,
    currency: 'cny',
    created: UNIX,
    status,
    metadata: { refund_no: '26112243215007310042R01' },
    intent: 'pi_1',
  }),
  ...more,
});
const dispute = (over: Json = {}): Json => ({
  id: 'du_1',
  object: 'dispute',
  amount: 5000,
  currency: 'cny',
  status: 'needs_response',
  reason: 'fraudulent',
  charge: 'ch_1',
  payment_intent: 'pi_1',
  metadata: {},
  balance_transactions: [{ id: 'txn_1' }],
  ...over,
});
const setup = (over: Json = {}): Json => ({
  id: 'seti_1',
  object: 'setup_intent',
  status: 'succeeded',
  customer: 'cus_1',
  payment_method: 'pm_1',
  metadata: { agreement_no: 'agr_1' },
  ...over,
});

describe('events in our words', () => {
  test('a payment: its sum is what was received, its currency as we write it', () => {
    expect(read('payment_intent.succeeded', intent('succeeded', 'debit'))).toEqual({
      eventId: 'evt_1',
      occurredAt: new Date(UNIX * 1_000),
      type: 'debit',
      orderNo: ORDER,
      answer: {
        outcome: 'succeeded',
        orderNo: ORDER,
        providerTxnId: 'pi_1',
        amount: 5000n,
        currency: 'CNY',
        businessDate: '2026-11-22',
        completedAt: new Date(UNIX * 1_000),
      },
    });
    const partly = intent('succeeded', 'debit', { amount_received: 4000 });
    expect(read('payment_intent.succeeded', partly)).toMatchObject({ answer: { amount: 4000n } });
  });

  test.each<[string, string, Json, Json | null]>([
    [
      'a refused debit',
      'payment_intent.payment_failed',
      intent('requires_payment_method', 'debit', { last_payment_error: refused }),
      { type: 'debit', answer: { outcome: 'declined', reason: 'insufficient_funds', action: 'lower_amount' } },
    ],
    [
      'a card refused at the cashier: the payer tries another',
      'payment_intent.payment_failed',
      intent('requires_payment_method', 'cashier', { last_payment_error: refused }),
      null,
    ],
    [
      'a cancelled payment',
      'payment_intent.canceled',
      intent('canceled', 'debit'),
      { answer: { outcome: 'not_executed' } },
    ],
    [
      'a success that says it is not',
      'payment_intent.succeeded',
      intent('maybe', 'debit'),
      { answer: { outcome: 'unknown' } },
    ],
    ['a payment of somebody else', 'payment_intent.succeeded', intent('succeeded', 'debit', { metadata: {} }), null],
    [
      'a page paid',
      'checkout.session.completed',
      session({}),
      { orderNo: ORDER, answer: { outcome: 'succeeded', providerTxnId: 'pi_1' } },
    ],
    [
      'a page to be paid later',
      'checkout.session.completed',
      session({ payment_status: 'unpaid' }),
      { answer: { outcome: 'pending' } },
    ],
    ['paid later', 'checkout.session.async_payment_succeeded', session({}), { answer: { outcome: 'succeeded' } }],
    [
      'not paid later',
      'checkout.session.async_payment_failed',
      session({}),
      { answer: { outcome: 'declined', reason: 'other' } },
    ],
    [
      'a page expired',
      'checkout.session.expired',
      session({ status: 'expired' }),
      { answer: { outcome: 'not_executed' } },
    ],
    [
      'a refund',
      'refund.updated',
      refund('succeeded'),
      {
        type: 'refund',
        orderNo: '26112243215007310042R01',
        answer: { outcome: 'succeeded', amount: 2000n, providerTxnId: 're_1' },
      },
    ],
    ['a refund under way', 'refund.created', refund('pending'), { answer: { outcome: 'pending' } }],
    [
      'a refund that failed',
      'refund.failed',
      refund('failed', { failure_reason: 'lost_or_stolen_card' }),
      { answer: { outcome: 'declined', reason: 'account_closed' } },
    ],
    ['a refund by its older name', 'charge.refund.updated', refund('succeeded'), { type: 'refund' }],
    [
      'a refund inside its charge',
      'charge.refunded',
      { id: 'ch_1', refunds: { data: [refund('succeeded')] } },
      { type: 'refund', answer: { outcome: 'succeeded' } },
    ],
    ['a charge that does not show its refunds', 'charge.refunded', { id: 'ch_1' }, null],
    ['a refund made by hand at Stripe', 'refund.created', refund('succeeded', { metadata: {} }), null],
    [
      'a dispute',
      'charge.dispute.created',
      dispute(),
      {
        type: 'return',
        origTxnId: 'pi_1',
        reason: 'fraudulent',
        answer: { providerTxnId: 'du_1', amount: 5000n, currency: 'CNY' },
      },
    ],
    [
      'money withdrawn for it',
      'charge.dispute.funds_withdrawn',
      dispute(),
      { type: 'return', answer: { providerTxnId: 'du_1' } },
    ],
    ['an inquiry', 'charge.dispute.created', dispute({ status: 'warning_needs_response' }), null],
    ['a dispute that moved nothing yet', 'charge.dispute.created', dispute({ balance_transactions: [] }), null],
    [
      'an agreement signed',
      'setup_intent.succeeded',
      setup(),
      { type: 'agreement', orderNo: 'agr_1', answer: { outcome: 'active', agreementRef: 'cus_1:pm_1' } },
    ],
    [
      'its page done',
      'checkout.session.completed',
      session({ mode: 'setup', setup_intent: 'seti_1', metadata: { agreement_no: 'agr_1' } }),
      { type: 'agreement', orderNo: 'agr_1', answer: { outcome: 'pending' } },
    ],
    [
      'its page expired',
      'checkout.session.expired',
      session({ mode: 'setup', status: 'expired', metadata: { agreement_no: 'agr_1' } }),
      { type: 'agreement', answer: { outcome: 'ended' } },
    ],
    [
      'its account given up',
      'payment_method.detached',
      { id: 'pm_1', metadata: { agreement_no: 'agr_1' } },
      { type: 'agreement', orderNo: 'agr_1', answer: { outcome: 'ended' } },
    ],
    ['an account of nobody', 'payment_method.detached', { id: 'pm_1', metadata: {} }, null],
    [
      'a mandate ended',
      'mandate.updated',
      { id: 'mandate_1', status: 'inactive', payment_method: { id: 'pm_1', metadata: { agreement_no: 'agr_1' } } },
      { type: 'agreement', answer: { outcome: 'ended' } },
    ],
    ['a mandate in force', 'mandate.updated', { id: 'mandate_1', status: 'active', payment_method: 'pm_1' }, null],
    ['something else', 'customer.created', { id: 'cus_1' }, null],
  ])('%s', (_name, type, object, expected) => {
    const event = read(type, object);
    if (expected === null) expect(event).toBeNull();
    else expect(event).toMatchObject(expected);
  });

  test('an event is known by its id, and only an event has one', () => {
    expect(callbacks.eventId(Buffer.from(eventBody('evt_9', 'customer.created', {}, UNIX)))).toBe('evt_9');
    expect(callbacks.eventId(Buffer.from('{"id":"evt_9","object":"charge"}'))).toBeNull();
    expect(callbacks.eventId(Buffer.from('not JSON'))).toBeNull();
  });

  test('one that only names what happened is taken and means nothing; ours without its object is kept unread', () => {
    const thin = Buffer.from(
      '{"id":"evt_7","object":"v2.core.event","type":"v1.billing.meter.error_report_triggered"}',
    );
    expect([callbacks.eventId(thin), callbacks.read(thin)]).toEqual(['evt_7', null]);
    const bare = Buffer.from('{"id":"evt_8","object":"event"}');
    expect([callbacks.eventId(bare), callbacks.read(bare)]).toEqual(['evt_8', null]);
    const cut = Buffer.from('{"id":"evt_9","object":"event","type":"payment_intent.succeeded"}');
    expect(callbacks.eventId(cut)).toBe('evt_9');
    expect(() => callbacks.read(cut)).toThrow();
  });
});

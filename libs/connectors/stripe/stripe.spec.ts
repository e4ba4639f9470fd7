import { connectorConformance } from '../contract/conformance';
import { whole } from '../contract/played-file';
import { NotSent, type DebitRequest, type RefundRequest } from '../contract';
import type { Asked, StripeAnswer } from './played-scripts';
import { PlayedStripe } from './played-stripe';
import {
  errorBody,
  intentObject,
  listObject,
  metadataOf,
  refundObject,
  searchObject,
  sessionObject,
  type Json,
} from './wire';

connectorConformance('stripe', () => PlayedStripe.start());

const ORDER_NO = '2611224321500731004201';
const ORDERED = new Date('2026-11-22T03:15:00.000Z');
const UNIX = ORDERED.getTime() / 1_000;
const ORDER = { orderNo: ORDER_NO, amount: 5000n, currency: 'CNY', orderedAt: ORDERED, providerTxnId: '' };
const DEBIT: DebitRequest = { ...ORDER, agreementRef: 'cus_1:pm_1', orderNote: '138****1234' };
const REFUND: RefundRequest = {
  ...{ orderNo: '26112243215007310042R01', amount: 2000n, currency: 'CNY', orderedAt: ORDERED, providerTxnId: '' },
  kind: 'refund',
  original: { ...ORDER, providerTxnId: 'pi_1' },
};
const intent = (status: string, over: Json = {}): Json => ({
  ...intentObject({
    ...{ id: 'pi_1', amount: 5000, currency: 'cny', created: UNIX, status, chargeId: 'ch_1' },
    metadata: { order_no: ORDER_NO, order_kind: 'debit' },
  }),
  ...over,
});
const session = (status: 'open' | 'complete' | 'expired', over: Json = {}): Json => ({
  ...sessionObject({
    ...{ id: 'cs_1', mode: 'payment', status, created: UNIX, expiresAt: UNIX + 1_800, reference: ORDER_NO },
    ...{ metadata: { order_no: ORDER_NO, order_kind: 'cashier' }, url: 'https://checkout.stripe.example/cs_1' },
    ...{ amount: 5000, currency: 'cny' },
  }),
  ...over,
});
const cashierIntent = (status: string, over: Json = {}): Json =>
  intent(status, { metadata: { order_no: ORDER_NO, order_kind: 'cashier' }, ...over });

let stripe: PlayedStripe;
const signal = AbortSignal.timeout(120_000);
beforeEach(async () => (stripe = await PlayedStripe.start()));
afterEach(() => stripe.close());

/** Answers by method and path; what is not named is an empty list. */
function answers(table: Record<string, Json | ((asked: Asked) => StripeAnswer)>): void {
  stripe.answerBy((asked) => {
    const known = table[`${asked.method} ${asked.path}`];
    if (typeof known === 'function') return known(asked);
    if (known) return { body: known };
    return { body: asked.path.endsWith('/search') ? searchObject(asked.path, []) : listObject(asked.path, []) };
  });
}
const failing = (status: number, body: Json) => (): StripeAnswer => ({ status, body });

describe('a debit under an agreement', () => {
  test('is confirmed without the payer, under the attempt number as its key', async () => {
    answers({ 'POST /v1/payment_intents': intent('succeeded') });
    expect(await stripe.connector.debit(DEBIT, signal)).toEqual({
      outcome: 'succeeded',
      ...{ orderNo: ORDER_NO, providerTxnId: 'pi_1', amount: 5000n, currency: 'CNY', businessDate: '2026-11-22' },
      completedAt: ORDERED,
    });
    const [{ form, headers } = { form: new Map<string, string>(), headers: {} as Asked['headers'] }] = stripe.requests;
    expect(headers['idempotency-key']).toBe(ORDER_NO);
    expect(headers['authorization']).toBe(`Bearer ${stripe.apiKey}`);
    expect(Object.fromEntries(form)).toMatchObject({
      ...{
        amount: '5000',
        currency: 'cny',
        customer: 'cus_1',
        payment_method: 'pm_1',
        off_session: 'true',
        confirm: 'true',
      },
      'metadata[order_no]': ORDER_NO,
      'payment_method_types[0]': 'card',
    });
    expect(headers['x-stripe-client-telemetry']).toBeUndefined();
  });

  const card = (code: string, declineCode = '') => errorBody('card_error', code, { decline_code: declineCode });
  test.each<[string, number, Json, string, string]>([
    ['no money', 402, card('card_declined', 'insufficient_funds'), 'declined', 'insufficient_funds'],
    ['too often', 402, card('card_declined', 'card_velocity_exceeded'), 'declined', 'limit'],
    ['stolen', 402, card('card_declined', 'stolen_card'), 'declined', 'risk_refused'],
    ['expired', 402, card('expired_card', 'expired_card'), 'declined', 'card_expired'],
    [
      'the payer would have to be there',
      402,
      card('authentication_required', 'authentication_required'),
      'declined',
      'authentication_failed',
    ],
    ['a word nobody listed', 402, card('card_declined', 'new_word'), 'declined', 'other'],
    [
      'the account is given up',
      404,
      errorBody('invalid_request_error', 'resource_missing', { param: 'payment_method' }),
      'declined',
      'agreement_ended',
    ],
    [
      'a bad parameter',
      400,
      errorBody('invalid_request_error', 'parameter_missing', { param: 'amount' }),
      'not_executed',
      '',
    ],
    ['too many calls', 429, errorBody('invalid_request_error', 'rate_limit'), 'not_executed', ''],
    ['the key is refused', 401, errorBody('invalid_request_error', ''), 'not_executed', ''],
  ])('%s', async (_name, status, body, outcome, reason) => {
    answers({ 'POST /v1/payment_intents': failing(status, body) });
    const answer = await stripe.connector.debit(DEBIT, signal);
    expect(answer).toMatchObject(reason === '' ? { outcome } : { outcome, reason });
  });

  test.each<[string, number, Json]>([
    ['a lock', 429, errorBody('invalid_request_error', 'lock_timeout')],
    ['the key in use', 409, errorBody('idempotency_error', 'idempotency_key_in_use')],
    ['the key used for something else', 400, errorBody('idempotency_error', '')],
    ['trouble there', 500, errorBody('api_error', '')],
    ['a 400 nobody listed', 400, errorBody('invalid_request_error', 'something_new')],
    ['a proxy', 502, { message: 'bad gateway' }],
    ['a refusal that is no card error', 402, errorBody('invalid_request_error', '')],
  ])('proves nothing: %s', async (_name, status, body) => {
    answers({ 'POST /v1/payment_intents': failing(status, body) });
    await expect(stripe.connector.debit(DEBIT, signal)).rejects.toThrow();
    expect(stripe.seen()).toBe(1); // and nobody has sent it again
  });

  test('a closed line is told, not tried again by the kit', async () => {
    stripe.answerBy(() => ({ cut: true }));
    const failed = stripe.connector.debit(DEBIT, signal);
    await expect(failed).rejects.toThrow('connection to Stripe');
    await expect(failed).rejects.not.toThrow(NotSent);
    expect(stripe.seen()).toBe(1);
  });

  test('an answer that never comes is given up with the signal', async () => {
    stripe.answerBy(() => null);
    await expect(stripe.connector.debit(DEBIT, AbortSignal.timeout(100))).rejects.toThrow();
    expect(stripe.seen()).toBe(1);
  });

  test('a day later the key guards nothing: what became of the order is read first', async () => {
    stripe.now = new Date('2026-11-23T04:00:00.000Z');
    answers({
      'GET /v1/payment_intents/search': searchObject('', [intent('processing')]),
      'GET /v1/payment_intents/pi_1': intent('succeeded'),
    });
    expect(await stripe.connector.debit(DEBIT, signal)).toMatchObject({ outcome: 'succeeded' });
    expect(stripe.received('POST', '/v1/payment_intents')).toHaveLength(0);
    answers({ 'POST /v1/payment_intents': intent('succeeded') });
    expect(await stripe.connector.debit(DEBIT, signal)).toMatchObject({ outcome: 'succeeded' });
    expect(stripe.received('POST', '/v1/payment_intents')).toHaveLength(1);
  });
});

describe('a question about an order', () => {
  test('the search may lag: the lists of the order’s time decide', async () => {
    answers({
      'GET /v1/payment_intents': listObject('', [
        intent('succeeded', { metadata: { order_no: 'X' } }),
        intent('succeeded'),
      ]),
    });
    expect(await stripe.connector.queryDebit(ORDER, signal)).toMatchObject({
      outcome: 'succeeded',
      providerTxnId: 'pi_1',
    });
    const [listed] = stripe.received('GET', '/v1/payment_intents');
    expect(listed?.query.get('created[gte]')).toBe(String(UNIX - 300));
    answers({});
    expect(await stripe.connector.queryDebit(ORDER, signal)).toEqual({ outcome: 'not_found' });
  });

  test('a window that cannot be read to its end proves nothing', async () => {
    const other = intent('succeeded', { metadata: { order_no: 'X' } });
    answers({ 'GET /v1/payment_intents': listObject('', [other], true) });
    await expect(stripe.connector.queryDebit(ORDER, signal)).rejects.toThrow('too many orders');
  });

  test('a cashier’s refused card is no end while its page is open', async () => {
    const refused = cashierIntent('requires_payment_method', { last_payment_error: { code: 'card_declined' } });
    const pages = (page: Json) =>
      answers({
        'GET /v1/payment_intents/search': searchObject('', [refused]),
        'GET /v1/payment_intents/pi_1': refused,
        'GET /v1/checkout/sessions': listObject('', [page]),
      });
    pages(session('open', { payment_intent: refused }));
    expect(await stripe.connector.queryDebit(ORDER, signal)).toEqual({ outcome: 'pending' });
    pages(session('expired', { payment_intent: refused }));
    expect(await stripe.connector.queryDebit(ORDER, signal)).toMatchObject({ outcome: 'not_executed' });
  });

  test('a page that nobody has paid on yet is found by its own list', async () => {
    answers({ 'GET /v1/checkout/sessions': listObject('', [session('open')]) });
    expect(await stripe.connector.queryDebit(ORDER, signal)).toEqual({ outcome: 'pending' });
    answers({
      'GET /v1/checkout/sessions': listObject('', [
        session('complete', { payment_intent: cashierIntent('succeeded') }),
      ]),
    });
    expect(await stripe.connector.queryDebit(ORDER, signal)).toMatchObject({ outcome: 'succeeded', amount: 5000n });
  });
});

describe('a cashier', () => {
  const request = {
    ...ORDER,
    presentation: 'redirect' as const,
    orderNote: '138****1234',
    expiresInSeconds: 900,
    returnUrl: 'https://pay.example/back',
  };

  test('is Stripe’s page, and the same request makes the same page', async () => {
    answers({ 'POST /v1/checkout/sessions': session('open') });
    expect(await stripe.connector.openCashier(request, signal)).toMatchObject({
      outcome: 'opened',
      payUrl: 'https://checkout.stripe.example/cs_1',
    });
    stripe.now = new Date(stripe.now.getTime() + 60_000);
    await stripe.connector.openCashier(request, signal);
    const [first, second] = stripe.received('POST', '/v1/checkout/sessions');
    expect(first?.form.get('expires_at')).toBe(String(UNIX + 45 * 60));
    expect(second?.form).toEqual(first?.form);
    expect(second?.headers['idempotency-key']).toBe(ORDER_NO);
    const carried = metadataOf(first?.form ?? new Map(), 'payment_intent_data[metadata]');
    expect(carried).toEqual({ order_no: ORDER_NO, order_kind: 'cashier' });
  });

  test('for another sum is not opened; a code to scan is not there', async () => {
    answers({ 'POST /v1/checkout/sessions': session('open', { amount_total: 5100 }) });
    expect(await stripe.connector.openCashier(request, signal)).toMatchObject({ outcome: 'unknown' });
    const qr = { ...request, presentation: 'qr' as const };
    expect(await stripe.connector.openCashier(qr, signal)).toMatchObject({ outcome: 'not_executed' });
  });

  test('is closed by Stripe’s word only', async () => {
    const listed = (page: Json) => ({ 'GET /v1/checkout/sessions': listObject('', [page]) });
    answers({ ...listed(session('open')), 'POST /v1/checkout/sessions/cs_1/expire': session('expired') });
    expect(await stripe.connector.closeCashier(ORDER, signal)).toEqual({ outcome: 'closed' });
    const paid = session('complete', { payment_intent: cashierIntent('succeeded') });
    let asked = 0;
    answers({
      'GET /v1/checkout/sessions': () => ({ body: listObject('', [asked++ === 0 ? session('open') : paid]) }),
      'POST /v1/checkout/sessions/cs_1/expire': failing(400, errorBody('invalid_request_error', '')),
    });
    expect(await stripe.connector.closeCashier(ORDER, signal)).toMatchObject({ outcome: 'succeeded' });
    answers({
      ...listed(session('open')),
      'POST /v1/checkout/sessions/cs_1/expire': failing(500, errorBody('api_error', '')),
    });
    await expect(stripe.connector.closeCashier(ORDER, signal)).rejects.toThrow();
    answers({});
    expect(await stripe.connector.closeCashier(ORDER, signal)).toEqual({ outcome: 'not_found' });
  });
});

describe('a refund', () => {
  const refund = (over: Json = {}): Json => ({
    ...refundObject({
      ...{ id: 're_1', amount: 2000, currency: 'cny', created: UNIX, status: 'succeeded', intent: 'pi_1' },
      metadata: { refund_no: REFUND.orderNo },
    }),
    ...over,
  });

  test('goes under its own number, and is found among the payment’s refunds', async () => {
    answers({ 'POST /v1/refunds': refund(), 'GET /v1/refunds': listObject('', [refund()]) });
    expect(await stripe.connector.refund(REFUND, signal)).toMatchObject({
      outcome: 'succeeded',
      amount: 2000n,
      providerTxnId: 're_1',
    });
    const [sent] = stripe.received('POST', '/v1/refunds');
    expect(sent?.headers['idempotency-key']).toBe(REFUND.orderNo);
    expect(Object.fromEntries(sent?.form ?? [])).toMatchObject({ payment_intent: 'pi_1', amount: '2000' });
    expect(await stripe.connector.queryRefund(REFUND, signal)).toMatchObject({ outcome: 'succeeded' });
    answers({ 'GET /v1/refunds': listObject('', [refund({ metadata: { refund_no: 'other' } })]) });
    expect(await stripe.connector.queryRefund(REFUND, signal)).toEqual({ outcome: 'not_found' });
  });

  test.each<[string, Json, string]>([
    ['refunded already', errorBody('invalid_request_error', 'charge_already_refunded'), 'declined'],
    ['more than was paid', { error: { type: 'invalid_request_error', param: 'amount', message: 'x' } }, 'declined'],
    ['a wrong parameter', errorBody('invalid_request_error', 'parameter_unknown'), 'not_executed'],
  ])('%s', async (_name, body, outcome) => {
    answers({ 'POST /v1/refunds': failing(400, body) });
    expect(await stripe.connector.refund(REFUND, signal)).toMatchObject({ outcome });
  });

  test('of a payment nobody finds is not sent', async () => {
    answers({ 'POST /v1/refunds': refund() });
    const unknown = { ...REFUND, original: ORDER };
    await expect(stripe.connector.refund(unknown, signal)).rejects.toThrow('not found');
    answers({
      'GET /v1/payment_intents/search': searchObject('', [intent('succeeded')]),
      'GET /v1/payment_intents/pi_1': intent('succeeded', { metadata: { order_no: 'X' } }),
    });
    await expect(stripe.connector.refund(unknown, signal)).rejects.toThrow('another order');
    expect(stripe.received('POST', '/v1/refunds')).toHaveLength(0);
  });
});

describe('an agreement', () => {
  const method = (over: Json = {}): Json => ({
    ...{ id: 'pm_1', type: 'card', customer: 'cus_1', metadata: {} },
    card: { last4: '4242', brand: 'visa', display_brand: 'visa' },
    ...over,
  });
  const signing = (status: 'open' | 'complete' | 'expired', account: Json | null): Json =>
    session(status, {
      ...{ mode: 'setup', metadata: { agreement_no: 'agr_1' }, client_reference_id: 'agr_1', customer: 'cus_1' },
      setup_intent: {
        id: 'seti_1',
        status: account ? 'succeeded' : 'requires_payment_method',
        customer: 'cus_1',
        payment_method: account,
      },
    });
  const REF = { agreementNo: 'agr_1', agreementRef: '' };
  const customers = { 'GET /v1/customers/search': searchObject('', []), 'POST /v1/customers': { id: 'cus_1' } };

  test('is signed on Stripe’s page by a customer of its own', async () => {
    answers({ ...customers, 'POST /v1/checkout/sessions': signing('open', null) });
    const limits = { payment: 20_000n, day: 50_000n, month: 100_000n, currency: 'CNY' };
    const asked = {
      agreementNo: 'agr_1',
      numberMasked: '138****1234',
      blind: 'b',
      returnUrl: 'https://pay.example/',
      limits,
    };
    expect(await stripe.connector.startAgreement(asked, signal)).toMatchObject({ outcome: 'started' });
    const [made] = stripe.received('POST', '/v1/customers');
    expect(made?.headers['idempotency-key']).toBe('payer-agr_1');
    const [page] = stripe.received('POST', '/v1/checkout/sessions');
    expect(Object.fromEntries(page?.form ?? [])).toMatchObject({
      mode: 'setup',
      customer: 'cus_1',
      'setup_intent_data[metadata][agreement_no]': 'agr_1',
    });
  });

  test('is told by its number alone: pending, active with its account marked, ended', async () => {
    const pages = (page: Json, more = {}) =>
      answers({ ...customers, 'GET /v1/checkout/sessions': listObject('', [page]), ...more });
    pages(signing('open', null));
    expect(await stripe.connector.queryAgreement(REF, signal)).toEqual({ outcome: 'pending' });
    pages(signing('complete', method()), { 'POST /v1/payment_methods/pm_1': method() });
    expect(await stripe.connector.queryAgreement(REF, signal)).toEqual({
      ...{ outcome: 'active', agreementRef: 'cus_1:pm_1', accountTail: '4242', bankName: 'visa' },
    });
    expect(stripe.received('POST', '/v1/payment_methods/pm_1')[0]?.form.get('metadata[agreement_no]')).toBe('agr_1');
    pages(signing('complete', method()), {
      'POST /v1/payment_methods/pm_1': failing(403, errorBody('invalid_request_error', '')),
    });
    expect(await stripe.connector.queryAgreement(REF, signal)).toMatchObject({ outcome: 'active' });
    pages(signing('complete', method({ customer: null })));
    expect(await stripe.connector.queryAgreement(REF, signal)).toEqual({ outcome: 'ended' });
    pages(signing('expired', null));
    expect(await stripe.connector.queryAgreement(REF, signal)).toEqual({ outcome: 'ended' });
  });

  test('is ended by giving up its account and its open pages', async () => {
    const ref = { agreementNo: 'agr_1', agreementRef: 'cus_1:pm_1' };
    const pages = {
      'GET /v1/checkout/sessions': listObject('', [signing('open', null), signing('complete', method())]),
    };
    const asked = { 'POST /v1/payment_methods/pm_1/detach': failing(400, errorBody('invalid_request_error', '')) };
    answers({
      ...pages,
      ...asked,
      'POST /v1/checkout/sessions/cs_1/expire': signing('expired', null),
      'GET /v1/payment_methods/pm_1': method({ customer: null }),
    });
    expect(await stripe.connector.endAgreement(ref, signal)).toEqual({ outcome: 'ended' });
    answers({ ...pages, ...asked, 'GET /v1/payment_methods/pm_1': method() });
    expect(await stripe.connector.endAgreement(ref, signal)).toMatchObject({ outcome: 'unknown' });
  });
});

describe('the report of a day', () => {
  const TYPE = 'balance_change_from_activity.itemized.3';
  const until = Date.parse('2026-11-23T00:00:00+08:00') / 1_000;
  const run = (status: string, over: Json = {}): Json => ({
    id: 'frr_1',
    report_type: TYPE,
    status,
    error: null,
    result: null,
    ...over,
  });
  const done = run('succeeded', { result: { id: 'file_1', url: 'https://elsewhere.example/steal' } });
  const type = (end: number): Json => ({ id: TYPE, data_available_end: end });
  const table = (more: Record<string, Json | ((asked: Asked) => StripeAnswer)>) =>
    answers({ [`GET /v1/reporting/report_types/${TYPE}`]: type(until), ...more });

  test('is run, waited for and fetched from the files’ own host', async () => {
    let asked = 0;
    table({
      'POST /v1/reporting/report_runs': run('pending'),
      'GET /v1/reporting/report_runs/frr_1': () => ({ body: asked++ === 0 ? run('pending') : done }),
      'GET /v1/files/file_1/contents': () => ({ text: 'balance_transaction_id\ntxn_1\n' }),
    });
    const file = await whole(stripe.connector.fetchStatement('2026-11-22', signal));
    expect(file).toMatchObject({ state: 'ready', fileName: '2026-11-22.stripe-balance.csv' });
    const [begun] = stripe.received('POST', '/v1/reporting/report_runs');
    expect(begun?.form.get('parameters[interval_start]')).toBe(String(until - 86_400));
    expect(begun?.form.get('parameters[interval_end]')).toBe(String(until));
    expect([...(begun?.form.values() ?? [])]).toContain('payment_metadata[order_no]');
  });

  test('is not ready, has nothing, or failed', async () => {
    table({ [`GET /v1/reporting/report_types/${TYPE}`]: type(until - 1) });
    expect(await whole(stripe.connector.fetchStatement('2026-11-22', signal))).toEqual({ state: 'not_ready' });
    table({
      'POST /v1/reporting/report_runs': done,
      'GET /v1/files/file_1/contents': () => ({ text: 'balance_transaction_id\n' }),
    });
    expect(await whole(stripe.connector.fetchStatement('2026-11-22', signal))).toEqual({ state: 'none_today' });
    table({ 'POST /v1/reporting/report_runs': run('failed', { error: 'x' }) });
    await expect(whole(stripe.connector.fetchStatement('2026-11-22', signal))).rejects.toThrow();
    table({
      'POST /v1/reporting/report_runs': done,
      'GET /v1/files/file_1/contents': () => ({ status: 404, text: '{}' }),
    });
    await expect(whole(stripe.connector.fetchStatement('2026-11-22', signal))).rejects.toThrow('HTTP 404');
  });
});

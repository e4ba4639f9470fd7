import { PlayedGateway } from '../testing/played-gateway';
import { ResolvePayment } from './resolve-payment';

const NUMBER = '13900000000';
let serial = 0;

interface Payment {
  id: string;
  number: string;
  state: string;
  final: boolean;
  amount: number;
  topup: { state: string; code: string | null; balance_after: number | null };
  next_step: string | null;
}

describe('collection by a partner', () => {
  let gateway: PlayedGateway;
  beforeAll(async () => (gateway = await PlayedGateway.start()));
  afterAll(() => gateway.close());
  beforeEach(() => {
    gateway.bank.play('succeed');
    gateway.billing.state.faults.clear();
    gateway.billing.state.silent = false;
    gateway.billing.state.addNumber(NUMBER);
  });

  const sale = (over: object = {}) => ({
    reference: `S${++serial}`,
    number: NUMBER,
    amount: 5000,
    currency: 'CNY',
    funding: { type: 'collected', taken_at: '2026-11-22T04:00:00.000Z', teller: '0371-22' },
    ...over,
  });
  const collect = (body: object, key = `k${++serial}`) => gateway.call<Payment>('POST', '/v1/payments', body, { key });

  test('taken, credited, completed in one call, with the balance after', async () => {
    const { status, body, headers } = await collect(sale());
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: 'completed', final: true, topup: { state: 'credited', balance_after: 6210 } });
    expect(body).toMatchObject({
      id: `pay_${body.number}`,
      msisdn: '139****0000',
      branch: '420000',
      business_date: '2026-11-22',
    });
    expect(headers.get('signature')).toMatch(/^yd=/);
    expect(JSON.stringify(body)).not.toContain(NUMBER);
  });

  test('the same key and body: same status and body, said to be a replay; another body: 409 with what differs', async () => {
    const body = sale();
    const first = await collect(body, 'twice');
    const again = await collect(body, 'twice');
    expect(again.status).toBe(first.status);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await collect({ ...body, amount: 6000, funding: { ...body.funding, teller: '9' } }, 'twice');
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({
      code: 'idempotency_key_reused',
      outcome: 'not_executed',
      errors: [{ pointer: '/amount' }, { pointer: '/funding/teller' }],
    });
    expect(gateway.billing.state.balance(`s${NUMBER}`)).toBe(6210n);
  });

  test('what was answered stays the answer, whatever becomes of the payment and of its number', async () => {
    const body = sale();
    const first = await collect(body, 'later-refunded');
    const refund = { payment: first.body.id, amount: 2000, currency: 'CNY', reason: 'payer_request' };
    expect((await gateway.call('POST', '/v1/refunds', refund, { key: 'later-refund' })).status).toBeLessThan(300);
    const now = await gateway.call<Payment>('GET', `/v1/payments/${first.body.id}`);
    expect(now.body.state).not.toBe('completed');
    gateway.billing.state.owners.delete(NUMBER);
    const again = await collect(body, 'later-refunded');
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
  });

  test('the answer of a paid order stays 202 when the credit has come since', async () => {
    gateway.billing.state.faults.set('420000', 'unknown');
    const body = sale();
    const first = await collect(body, 'credited-later');
    gateway.billing.state.faults.clear();
    await resolve(first.body.number, 'requery');
    const again = await collect(body, 'credited-later');
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.body).toEqual(first.body);
  });

  test('a first caller that died before it was answered: the same key learns how it ended', async () => {
    const body = sale();
    const first = await collect(body, 'died');
    await gateway.database.db.run("DELETE FROM idempotency_answer WHERE k = 'died'");
    expect((await collect(body, 'died')).body).toEqual(first.body);
  });

  test('ten at once under one key: one payment, ten equal answers', async () => {
    const body = sale();
    const answers = await Promise.all(Array.from({ length: 10 }, () => collect(body, 'ten')));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(gateway.billing.state.balance(`s${NUMBER}`)).toBe(6210n);
  });

  test('a reference under another key is refused and names the payment', async () => {
    const body = sale();
    const first = await collect(body);
    const second = await collect({ ...body, amount: 5000 });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ code: 'reference_used', payment: first.body.id });
    const found = await gateway.call<{ data: Payment[] }>('GET', `/v1/payments?reference=${body.reference}`);
    expect(found.body.data.map((payment) => payment.id)).toEqual([first.body.id]);
  });

  test('a closed number: rejected, and the partner gives the cash back', async () => {
    gateway.billing.state.addNumber('13900000002', { status: 'closed' });
    const { status, body } = await collect(sale({ number: '13900000002' }));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'rejected',
      final: true,
      next_step: 'return_cash',
      topup: { code: 'number_closed' },
    });
  });

  test('a branch with its own billing system: final in the call when it is quick, else told later, credited once', async () => {
    const { state } = gateway.billing;
    state.faults.set('420000', 'pending');
    state.provinceIsQuick = true;
    expect((await collect(sale())).body).toMatchObject({ state: 'completed', topup: { state: 'credited' } });
    state.provinceIsQuick = false;
    const balance = state.balance(`s${NUMBER}`);
    const { body } = await collect(sale());
    expect(body).toMatchObject({ state: 'paid', final: false, topup: { state: 'requested' } });
    expect(state.balance(`s${NUMBER}`)).toBe(balance);
    await resolve(body.number, 'requery');
    const later = await gateway.call<Payment>('GET', `/v1/payments/${body.id}`);
    expect(later.body).toMatchObject({ state: 'completed', final: true });
    expect(state.balance(`s${NUMBER}`)).toBe(balance + 5000n);
  });

  test('the home branch in maintenance: paid, not final, credited later under the same number, once', async () => {
    gateway.billing.state.faults.set('420000', 'maintenance');
    const { status, body, headers } = await collect(sale());
    expect(status).toBe(202);
    expect(body).toMatchObject({ state: 'paid', final: false, topup: { state: 'requested' } });
    expect(headers.get('retry-after')).toBe('5');
    gateway.billing.state.faults.clear();
    const answer = await resolve(body.number, 'credit');
    expect(answer).toMatchObject({ outcome: 'done', paymentState: 'completed', creditState: 'credited' });
    expect(gateway.billing.state.balance(`s${NUMBER}`)).toBe(6210n);
  });

  test('billing does not answer: the credit is unknown, and the same key learns what happened', async () => {
    gateway.billing.state.faults.set('420000', 'unknown');
    const { body } = await collect(sale());
    expect(body).toMatchObject({ state: 'paid', final: false, topup: { state: 'unknown' } });
    gateway.billing.state.faults.clear();
    await resolve(body.number, 'requery');
    const now = await gateway.call<Payment>('GET', `/v1/payments/${body.id}`);
    expect(now.body).toMatchObject({ state: 'completed', topup: { state: 'credited' } });
  });

  async function resolve(paymentNo: string, action: 'credit' | 'requery' | 'refund_payer') {
    return gateway.app.get(ResolvePayment).execute({
      key: `r${++serial}`,
      paymentNo,
      action,
      providerTxnId: '',
      businessDate: '2026-11-22',
      amount: '5000',
      evidence: 'test',
      actor: 'clerk.b',
    });
  }

  test('bad orders get their code, and leave no row', async () => {
    const count = async () => (await gateway.database.db.select('SELECT COUNT(*) AS n FROM payment'))[0];
    const before = await count();
    const codes: [object, string][] = [
      [{ amount: 50.5 }, 'amount_not_integer'],
      [{ amount: '5000' }, 'amount_not_integer'],
      [{ amount: -5000 }, 'amount_below_minimum'],
      [{ amount: 10 }, 'amount_below_minimum'],
      [{ amount: 60000 }, 'amount_above_maximum'],
      [{ currency: 'USD' }, 'currency_not_supported'],
      [{ number: '123' }, 'number_malformed'],
      [{ number: '13900000001' }, 'number_unknown'],
      [{ extra: 1 }, 'field_unknown'],
    ];
    for (const [over, code] of codes)
      expect((await collect(sale(over))).body).toMatchObject({ code, outcome: 'not_executed' });
    gateway.billing.state.silent = true;
    expect((await collect(sale())).body).toMatchObject({ code: 'busy', outcome: 'not_executed' });
    expect(await count()).toEqual(before);
  });

  test('events can be pulled, each once, whatever the page size', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; ;) {
      const query: string = `limit=3${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
      const { body } = await gateway.call<{ data: { id: string }[]; next_cursor: string }>(
        'GET',
        `/v1/events?${query}`,
      );
      seen.push(...body.data.map((event) => event.id));
      if (body.data.length === 0) break;
      cursor = body.next_cursor;
    }
    const [row] = await gateway.database.db.select<{ n: bigint }>(
      "SELECT COUNT(*) AS n FROM event WHERE partner = 'demo_shop'",
    );
    expect(new Set(seen).size).toBe(seen.length);
    expect(BigInt(seen.length)).toBe(row?.n);
    expect(seen.length).toBeGreaterThan(3);
  });
});

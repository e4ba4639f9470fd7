import { PlayedGateway } from '../testing/played-gateway';
import { RefundSteps } from './refund-steps';
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

  describe('reversal', () => {
    const reverse = (body: object, key = `v${++serial}`) =>
      gateway.call<Payment & { note: string; code: string }>(
        'POST',
        '/v1/reversals',
        { reason: 'teller_timeout', ...body },
        { key },
      );

    test('the same day, whole, by reference: the credit is taken back', async () => {
      const body = sale();
      const { body: payment } = await collect(body);
      const { status, body: reversal } = await reverse({ reference: body.reference }, 'rev-1');
      expect(status).toBe(201);
      expect(reversal).toMatchObject({
        object: 'reversal',
        state: 'reversed',
        final: true,
        payment: payment.id,
        amount: 5000,
      });
      expect(gateway.billing.state.balance(`s${NUMBER}`)).toBe(1210n);
      const again = await reverse({ reference: body.reference }, 'rev-1');
      expect(again.body).toEqual(reversal);
      expect((await gateway.call<Payment>('GET', `/v1/payments/${payment.id}`)).body.state).toBe('reversed');
    });

    test('of a reference never seen: remembered, and the late original is refused', async () => {
      const body = sale();
      const { body: reversal } = await reverse({ reference: body.reference });
      expect(reversal).toMatchObject({ state: 'reversed', payment: null, note: 'not_seen_blocked', final: true });
      const late = await collect(body);
      expect(late.status).toBe(409);
      expect(late.body).toMatchObject({ code: 'reference_reversed' });
    });

    test('when the money is used it is refused, kept as an answer, and the payment stands', async () => {
      const body = sale({ number: '13900000077' });
      gateway.billing.state.addNumber('13900000077', { subscriberId: 'spent' });
      const { body: payment } = await collect(body);
      const { state } = gateway.billing;
      jest.spyOn(state, 'balance').mockReturnValueOnce(0n);
      const refused = await reverse({ payment: payment.id }, 'rev-spent');
      expect(refused.status).toBe(409);
      expect(refused.body.code).toBe('refund_exceeds_balance');
      const again = await reverse({ payment: payment.id }, 'rev-spent');
      expect([again.status, again.body.code]).toEqual([409, 'refund_exceeds_balance']);
      expect((await gateway.call<Payment>('GET', `/v1/payments/${payment.id}`)).body.state).toBe('completed');
    });

    test('while the credit waits: the credit is given up first, nothing is held', async () => {
      gateway.billing.state.faults.set('420000', 'maintenance');
      const body = sale();
      await collect(body);
      const { body: reversal } = await reverse({ reference: body.reference });
      expect(reversal.state).toBe('reversed');
      gateway.billing.state.faults.clear();
      expect(gateway.billing.state.balance(`s${NUMBER}`)).toBe(1210n);
    });

    test('after the cut-off only a refund is possible', async () => {
      const body = sale();
      const { body: payment } = await collect(body);
      await gateway.database.db.run("UPDATE payment SET book_date = '2026-11-21' WHERE payment_no = ?", [
        payment.number,
      ]);
      const refused = await reverse({ reference: body.reference });
      expect(refused.body).toMatchObject({ code: 'reversal_window_closed', next_step: 'refund' });
    });

    test('of another partner’s payment: not found', async () => {
      const { body: payment } = await collect(sale());
      const answer = await gateway.call(
        'POST',
        '/v1/reversals',
        { payment: payment.id, reason: 'x' },
        { key: 'other', as: 'demo_bank' },
      );
      expect(answer.status).toBe(404);
    });
  });

  describe('refund', () => {
    const refund = (body: object, key = `f${++serial}`) =>
      gateway.call<Payment & { code: string }>('POST', '/v1/refunds', { reason: 'payer_request', ...body }, { key });

    test('in parts: value held first, the partner gives back, and never more than was paid', async () => {
      const { body: payment } = await collect(sale());
      const first = await refund({ payment: payment.id, amount: 2000 });
      expect(first).toMatchObject({
        status: 201,
        body: { object: 'refund', state: 'succeeded', final: true, amount: 2000 },
      });
      expect(gateway.bank.received('/v1/refunds').at(-1)).toMatchObject({ attempt_no: payment.number, amount: 2000 });
      expect((await refund({ payment: payment.id, amount: 4000 })).body.code).toBe('refund_exceeds_paid');
      expect((await refund({ payment: payment.id, amount: 3000 })).body.state).toBe('succeeded');
      const now = await gateway.call<Payment & { amount_refunded: number }>(
        'GET',
        `/v1/payments/${payment.id}?expand=refunds`,
      );
      expect(now.body).toMatchObject({ state: 'refunded', amount_refunded: 5000 });
      expect(gateway.billing.state.balance(`s${NUMBER}`)).toBe(1210n);
    });

    test('refused by the provider: the hold is freed and the payment stands', async () => {
      const { body: payment } = await collect(sale());
      gateway.bank.play('decline');
      const failed = await refund({ payment: payment.id, amount: 2000 });
      expect(failed.body.state).toBe('failed');
      expect(gateway.billing.state.balance(`s${NUMBER}`)).toBe(6210n);
      expect((await gateway.call<Payment>('GET', `/v1/payments/${payment.id}`)).body.state).toBe('completed');
    });

    test('no answer: unknown, the hold stays; the statement of the provider ends it', async () => {
      const { body: payment } = await collect(sale());
      gateway.bank.play('silent');
      const asked = await refund({ payment: payment.id, amount: 2000 });
      expect(asked.status).toBe(202);
      expect(asked.body.state).toBe('unknown');
      expect(gateway.billing.state.balance(`s${NUMBER}`)).toBe(4210n);
      gateway.bank.play('succeed');
      await gateway.app.get(RefundSteps).advance(`${payment.number}R01`);
      const now = await gateway.call<Payment>('GET', `/v1/refunds/${asked.body.id}`);
      expect(now.body.state).toBe('succeeded');
    });
  });

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
    expect(seen.length).toBeGreaterThan(10);
  });
});

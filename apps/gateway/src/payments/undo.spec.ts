import { PlayedGateway } from '../testing/played-gateway';
import { RefundSteps } from './refund-steps';

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

describe('a partner takes a payment back', () => {
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
});

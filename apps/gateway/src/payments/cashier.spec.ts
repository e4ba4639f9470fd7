import { PaymentsSweepJob } from './payments-sweep.job';
import { PlayedGateway, success, until } from '../testing/played-gateway';

const ZHANG = '13800001234';
const MOTHER = '13900000000';
let serial = 0;

interface Payment {
  id: string;
  number: string;
  state: string;
  final: boolean;
}

describe('a payment on the bank’s page', () => {
  let gateway: PlayedGateway;
  beforeAll(async () => {
    gateway = await PlayedGateway.start();
    for (const number of [ZHANG, MOTHER]) gateway.billing.state.addNumber(number);
  });
  afterAll(() => gateway.close());
  beforeEach(() => {
    gateway.bank.play('succeed');
    gateway.billing.state.faults.clear();
    for (const number of [ZHANG, MOTHER]) gateway.billing.state.addNumber(number);
  });

  const cashier = (over: object = {}) => ({
    reference: `D${++serial}`,
    number: ZHANG,
    amount: 1000 + serial,
    currency: 'CNY',
    funding: { type: 'cashier', provider: 'bank_a', presentation: 'redirect' },
    ...over,
  });
  const pay = (body: object) => gateway.call<Payment>('POST', '/v1/payments', body, { key: `d${++serial}` });
  const read = async ({ id }: { id: string }) =>
    (await gateway.call<Payment>('GET', `/v1/payments/${id}?expand=attempts`)).body;
  /** Brings the next step of the ladder forward. */
  async function sweepNow({ number }: { number: string }): Promise<void> {
    await gateway.database.db.run('UPDATE payment SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE payment_no = ?', [
      number,
    ]);
    await gateway.app.get(PaymentsSweepJob).sweep();
  }
  const attempt = ({ number }: { number: string }) => `${number}01`;

  test('a page at the bank, paid by its callback', async () => {
    gateway.bank.answerBy((_, asked) => ({
      body: {
        attempt_no: asked['attempt_no'],
        pay_url: 'http://bank.example/pay/1',
        expires_at: '2030-01-01T00:00:00Z',
      },
    }));
    const { status, body } = await pay(cashier({ number: MOTHER, amount: 3000 }));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'submitted',
      final: false,
      next_action: { type: 'redirect', url: 'http://bank.example/pay/1' },
    });
    await gateway.callback(
      'debit.succeeded',
      success({ attempt_no: attempt(body), amount: 3000 }),
      `${body.number}_ok`,
    );
    await until(async () => (await read(body)).state === 'completed');
  });

  test('expiry closes at the bank first; a payer who was faster is believed', async () => {
    const page = (asked: Record<string, unknown>) => ({
      body: {
        attempt_no: asked['attempt_no'],
        pay_url: 'http://bank.example/pay/2',
        expires_at: new Date().toISOString(),
      },
    });
    gateway.bank.answerBy((path, asked) =>
      path === '/v1/cashiers/close' ? { body: { attempt_no: asked['attempt_no'], status: 'closed' } } : page(asked),
    );
    const { body: slow } = await pay(cashier());
    await sweepNow(slow);
    await until(async () => (await read(slow)).state === 'closed'); // the job may have been faster than the test
    expect(await read(slow)).toMatchObject({ state: 'closed', decline: { code: 'expired' } });
    gateway.bank.answerBy((path, asked) =>
      path === '/v1/cashiers/close' ? { body: success({ ...asked, amount: 1234 }) } : page(asked),
    );
    const { body: fast } = await pay(cashier({ amount: 1234 }));
    await sweepNow(fast);
    await until(async () => (await read(fast)).state === 'completed');
  });

  test('late truth: paid after the close: credited if nothing changed, returned if the number has another owner', async () => {
    const number = '13900000055';
    gateway.billing.state.addNumber(number);
    const close = async (amount: number) => {
      gateway.bank.answerBy((path, asked) => ({
        body:
          path === '/v1/cashiers/close'
            ? { attempt_no: asked['attempt_no'], status: 'closed' }
            : {
                attempt_no: asked['attempt_no'],
                pay_url: 'http://bank.example/p',
                expires_at: new Date().toISOString(),
              },
      }));
      const { body } = await pay(cashier({ number, amount }));
      await sweepNow(body);
      await until(async () => (await read(body)).state === 'closed');
      gateway.bank.play('succeed');
      return body;
    };
    const late = await close(4000);
    await gateway.callback(
      'debit.succeeded',
      success({ attempt_no: attempt(late), amount: 4000 }),
      `${late.number}_late`,
    );
    await until(async () => (await read(late)).state === 'completed');
    const moved = await close(4100);
    gateway.billing.state.addNumber(number, { subscriberId: 'somebody-else', ownerVersion: 2 });
    await gateway.callback(
      'debit.succeeded',
      success({ attempt_no: attempt(moved), amount: 4100 }),
      `${moved.number}_late`,
    );
    await until(async () => (await read(moved)).state === 'refunded');
  });
});

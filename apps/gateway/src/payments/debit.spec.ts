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
  decline: { code: string } | null;
  next_action: { type: string; url: string } | null;
  topup: { state: string };
  next_query_at: string | null;
  funding: { account: string | null };
}

describe('money taken at a bank', () => {
  let gateway: PlayedGateway;
  let agreement: string;
  beforeAll(async () => {
    gateway = await PlayedGateway.start();
    for (const number of [ZHANG, MOTHER]) gateway.billing.state.addNumber(number);
    agreement = await gateway.agreement(ZHANG);
  });
  afterAll(() => gateway.close());
  beforeEach(() => {
    gateway.bank.play('succeed');
    gateway.billing.state.faults.clear();
    for (const number of [ZHANG, MOTHER]) gateway.billing.state.addNumber(number);
  });

  const order = (over: object = {}) => ({
    reference: `D${++serial}`,
    number: ZHANG,
    amount: 1000 + serial,
    currency: 'CNY',
    funding: { type: 'agreement', agreement },
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

  test('an agreement pays for its own number: completed, with receipts by text', async () => {
    const { status, body } = await pay(order({ amount: 2000 }));
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: 'completed', final: true, funding: { account: '甲银行 ··8812' } });
    expect(gateway.bank.received('/v1/debits').at(-1)).toMatchObject({
      attempt_no: attempt(body),
      agreement_ref: 'AR1',
      amount: 2000,
    });
    expect(await gateway.received(ZHANG, /已充20\.00元/)).toBe(
      `【一点付】已充20.00元到本机,余额32.10元。付款:甲银行尾号8812。单号尾号${body.number.slice(-4)}。`,
    );
  });

  test('a number that has not consented is refused before anything happens', async () => {
    expect((await pay(order({ number: MOTHER }))).body).toMatchObject({
      code: 'consent_missing',
      outcome: 'not_executed',
    });
  });

  test('a refusal of the bank is an expected outcome', async () => {
    gateway.bank.play('decline');
    const { status, body } = await pay(order());
    expect([status, body.state, body.decline]).toEqual([201, 'declined', { code: 'insufficient_funds' }]);
  });

  test('no answer: unknown, not final, with the time of the next question; the answer then completes it once', async () => {
    gateway.bank.play('silent');
    const { status, body } = await pay(order());
    expect([status, body.state, body.final]).toEqual([202, 'unknown', false]);
    expect(Date.parse(body.next_query_at ?? '')).toBeGreaterThan(Date.now());
    gateway.bank.play('succeed');
    await sweepNow(body);
    await until(async () => (await read(body)).state === 'completed'); // the gateway's own turn may be under way
    expect(await read(body)).toMatchObject({ attempts: [{ state: 'succeeded' }] });
    expect(gateway.billing.state.credits.get(body.number)?.outcome).toBe('credited');
  });

  test('a success about another sum proves nothing: unknown until the bank says it right', async () => {
    gateway.bank.play('wrong_amount');
    const { body } = await pay(order());
    expect(body.state).toBe('unknown');
    await sweepNow(body);
    expect((await read(body)).state).toBe('unknown');
    gateway.bank.play('succeed');
    await sweepNow(body);
    await until(async () => (await read(body)).state === 'completed');
  });

  test('not known at the bank, said twice after its time: closed, nothing was charged', async () => {
    gateway.bank.play('silent');
    const { body } = await pay(order());
    gateway.bank.play('not_found');
    await sweepNow(body);
    expect((await read(body)).state).toBe('unknown');
    await sweepNow(body);
    await until(async () => (await read(body)).state === 'closed');
    expect(await read(body)).toMatchObject({ state: 'closed', final: true });
  });

  test('one callback in many copies at once, then again: stored once, paid once', async () => {
    gateway.bank.play('pending');
    const { body } = await pay(order({ amount: 1500 }));
    expect(body.state).toBe('submitted');
    const event = `${body.number}_ok`;
    const told = success({ attempt_no: attempt(body), amount: 1500 });
    expect(new Set(await gateway.callback('debit.succeeded', told, event, 6))).toEqual(new Set(['200 success']));
    await until(async () => (await read(body)).state === 'completed');
    await gateway.callback('debit.succeeded', told, event);
    await gateway.callback('debit.succeeded', told, `${event}_again`);
    const kept = await gateway.database.db.select('SELECT state FROM provider_callback WHERE event_id = ?', [event]);
    expect(kept).toEqual([{ state: 'done' }]);
    const facts = await gateway.database.db.select("SELECT kind FROM fact WHERE payment_no = ? AND kind = 'paid'", [
      body.number,
    ]);
    expect(facts).toHaveLength(1);
  });

  test('a forged callback is refused and not stored; one with another sum changes nothing for the better', async () => {
    gateway.bank.play('pending');
    const { body } = await pay(order({ amount: 1600 }));
    const targetUri = `${gateway.url}/callbacks/bank_a`;
    const data = success({ attempt_no: attempt(body), amount: 1600 });
    const forged = gateway.bank.signedCallback('forged', 'debit.succeeded', data, { targetUri, signedBy: 'stranger' });
    const headers = { 'content-type': 'application/json', ...(forged.headers as Record<string, string>) };
    const refused = await fetch(targetUri, { method: 'POST', headers, body: forged.body.toString() });
    expect(refused.status).toBe(401);
    expect(await gateway.database.db.select("SELECT 1 FROM provider_callback WHERE event_id = 'forged'")).toEqual([]);
    await gateway.callback('debit.succeeded', { ...data, amount: 9900 }, `${body.number}_wrong`);
    await until(async () => (await read(body)).state === 'unknown');
    expect((await read(body)).topup.state).toBe('none');
  });

  test('credit refused after the bank took the money: it goes back, and the payer is told both times', async () => {
    gateway.billing.state.faults.set('420000', 'rejected');
    const { body } = await pay(order({ amount: 1700 }));
    expect(body).toMatchObject({ state: 'refunded', final: true });
    expect(await gateway.received(ZHANG, /17\.00元正退回/)).toContain('充值没有成功');
    expect(await gateway.received(ZHANG, /已退17\.00元/)).toContain('甲银行尾号8812');
  });

  test('paid again knowingly while unknown: both succeed, the later is returned', async () => {
    gateway.bank.play('silent');
    const { body: first } = await pay(order({ amount: 2100 }));
    gateway.bank.play('succeed');
    const { body: second } = await pay(order({ amount: 2100, replaces: first.id }));
    expect(second.state).toBe('completed');
    await sweepNow(first);
    await until(async () => (await read(first)).state === 'refunded');
    expect((await read(second)).state).toBe('completed');
  });

  test('limits count what is unknown, and give back only what surely was not taken', async () => {
    const number = '13800005555';
    gateway.billing.state.addNumber(number);
    const id = await gateway.agreement(number);
    await gateway.database.db.run('UPDATE agreement SET limit_payment = 3000, limit_day = 5000 WHERE id = ?', [id]);
    const mine = (amount: number) => pay(order({ number, amount, funding: { type: 'agreement', agreement: id } }));
    expect((await mine(3001)).body).toMatchObject({ code: 'limit_payment' });
    gateway.bank.play('silent');
    expect((await mine(3000)).body.state).toBe('unknown');
    expect((await mine(2500)).body).toMatchObject({ code: 'limit_day' });
    gateway.bank.play('decline');
    expect((await mine(2000)).body.state).toBe('declined');
    gateway.bank.play('succeed');
    const [a, b] = await Promise.all([mine(1500), mine(1500)]);
    expect([a.status, b.status].sort()).toEqual([201, 409]);
  });

  test('the bank cannot be reached: surely nothing was sent, and it says so', async () => {
    await gateway.bank.vanish();
    const { status, body } = await pay(order());
    expect([status, body.state, body.decline]).toEqual([201, 'closed', { code: 'provider_down' }]);
  });
});

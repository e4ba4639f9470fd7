import { randomUUID } from 'node:crypto';
import { PlayedGateway, until, type Reply } from '../../testing/played-gateway';
import { PaymentStreams } from './payment-streams';
import { PaymentsSweepJob } from '../../payments/payments-sweep.job';

const ZHANG = '13800001234';
const MOTHER = '13900000000';
const STRANGER = '13600003333';
const NOBODY = '13500004444';

interface Payment {
  id: string;
  number: string;
  state: string;
  final: boolean;
  msisdn: string;
  code: string;
  funding: { account: string | null };
  topup: { state: string; balance_after: number | null };
}

/** A browser of one customer. */
class Page {
  cookie = '';
  constructor(private readonly gateway: PlayedGateway) {}

  async call<T = Record<string, unknown>>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
    key?: string,
  ): Promise<Reply<T>> {
    const answer = await fetch(`${this.gateway.url}/v1/portal/${path}`, {
      method,
      headers: {
        cookie: this.cookie,
        'x-requested-with': 'portal',
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(key ? { 'idempotency-key': key } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const [cookie] = answer.headers.getSetCookie();
    if (cookie !== undefined) this.cookie = cookie.split(';')[0] ?? '';
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === '' ? {} : JSON.parse(text)) as T };
  }

  async signIn(number: string): Promise<void> {
    this.gateway.texts.length = 0;
    await this.gateway.database.db.run('DELETE FROM portal_code');
    expect((await this.call('POST', 'codes', { number })).status).toBe(204);
    const code = /验证码(\d{6})/.exec(await this.gateway.received(number, /登录验证码/))?.[1] ?? '';
    expect((await this.call('POST', 'sessions', { number, code })).status).toBe(201);
  }
}

/** The portal's routes as a browser uses them, on a real database, between a played bank, billing and message centre. */
describe('the portal', () => {
  let gateway: PlayedGateway;
  let zhang: Page;
  let mother: Page;
  let agreement: string;
  let linked: string;

  beforeAll(async () => {
    gateway = await PlayedGateway.start();
    for (const number of [ZHANG, MOTHER, STRANGER]) gateway.billing.state.addNumber(number);
    agreement = await gateway.agreement(ZHANG);
    zhang = new Page(gateway);
    mother = new Page(gateway);
    await zhang.signIn(ZHANG);
    await mother.signIn(MOTHER);
  });
  afterAll(async () => {
    gateway.bank.play('silent');
    const { body } = await pay(zhang, { amount: 3900 });
    const url = `${gateway.url}/v1/portal/payments/${body.id}/stream`;
    const stream = await fetch(url, { headers: { cookie: zhang.cookie } });
    expect(stream.status).toBe(200); // left open on purpose: a page that waits never holds up a stop
    expect(gateway.app.get(PaymentStreams).count()).toBeGreaterThanOrEqual(1);
    const started = Date.now();
    await gateway.close();
    expect(Date.now() - started).toBeLessThan(20_000); // it would follow for five minutes
  });
  beforeEach(async () => {
    gateway.bank.play('succeed');
    await gateway.database.db.run('DELETE FROM limit_usage');
  });

  const pay = (page: Page, over: object, key: string = randomUUID()) =>
    page.call<Payment>(
      'POST',
      'payments',
      { target: { type: 'self' }, amount: 5000, currency: 'CNY', funding: { type: 'agreement', agreement }, ...over },
      key,
    );

  test('a code is good once, only its own, and says nothing about who is a customer', async () => {
    const visitor = new Page(gateway);
    await gateway.database.db.run('DELETE FROM portal_code');
    const before = gateway.texts.length;
    expect((await visitor.call('POST', 'codes', { number: NOBODY })).status).toBe(204);
    expect(gateway.texts.length).toBe(before);
    expect(await visitor.call('POST', 'codes', { number: NOBODY })).toMatchObject({ status: 429 });
    expect(await visitor.call('POST', 'sessions', { number: NOBODY, code: '000000' })).toMatchObject({ status: 401 });
    await visitor.signIn(STRANGER);
    const code = /验证码(\d{6})/.exec(await gateway.received(STRANGER, /登录验证码/))?.[1] ?? '';
    expect(await visitor.call('POST', 'sessions', { number: STRANGER, code })).toMatchObject({ status: 401 });
    expect((await visitor.call('DELETE', 'sessions/current')).status).toBe(204);
    expect(await visitor.call('GET', 'me')).toMatchObject({ status: 401, body: { code: 'session_required' } });
  });

  test('family: balance and payment only after consent', async () => {
    const link = await zhang.call<{ id: string; state: string; number: string }>(
      'POST',
      'linked_numbers',
      { agreement, number: MOTHER, nickname: '妈妈' },
      'link-1',
    );
    expect(link).toMatchObject({ status: 201, body: { state: 'pending_consent', number: '139****0000' } });
    linked = link.body.id;
    const before = await zhang.call('GET', 'me');
    expect(before.body).toMatchObject({
      object: 'portal_customer',
      number: ZHANG,
      balance: { amount: 1210, currency: 'CNY' },
      agreements: [{ id: agreement, account: '甲银行 ··8812', provider: { code: 'bank_a', name: '甲银行' } }],
      linked_numbers: [{ id: linked, state: 'pending_consent', nickname: '妈妈', balance: null }],
    });
    const target = { type: 'linked', linked_number: linked };
    expect((await pay(zhang, { target })).body.code).toBe('consent_missing');
    const code = /回复(\d{4})/.exec(await gateway.received(MOTHER, /想给您交话费/))?.[1] ?? '';
    await gateway.text(MOTHER, code);
    await gateway.received(ZHANG, /妈妈.*已同意/);
    expect((await zhang.call('GET', 'me')).body).toMatchObject({
      linked_numbers: [{ state: 'active', balance: { amount: 1210, currency: 'CNY' } }],
    });
    const { status, body } = await pay(zhang, { target });
    expect([status, body.state, body.topup.balance_after, body.funding.account]).toEqual([
      201,
      'completed',
      6210,
      '甲银行 ··8812',
    ]);
    await gateway.received(MOTHER, /138\*\*\*\*1234给您充了50\.00元/);
  });

  test('the same key and body is one payment, another body is refused', async () => {
    const key = randomUUID();
    const answers = await Promise.all([pay(zhang, { amount: 3000 }, key), pay(zhang, { amount: 3000 }, key)]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.map(({ headers }) => headers.get('idempotency-replayed')).sort()).toEqual([null, 'true']);
    expect((await pay(zhang, { amount: 3100 }, key)).body.code).toBe('idempotency_key_reused');
  });

  test("nobody sees another's payments, cards or family", async () => {
    const { body } = await pay(zhang, { amount: 3200 });
    expect((await zhang.call('GET', `payments/${body.id}`)).status).toBe(200);
    expect(await mother.call('GET', `payments/${body.id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await mother.call('GET', `payments/${body.id}/stream`)).status).toBe(404);
    expect((await mother.call('GET', 'payments')).body).toMatchObject({ object: 'list', data: [] });
    expect((await pay(mother, {})).status).toBe(404);
    expect((await pay(mother, { target: { type: 'linked', linked_number: linked } })).status).toBe(404);
    expect(
      (await mother.call('POST', 'linked_numbers', { agreement, number: STRANGER, nickname: '他' }, 'm1')).status,
    ).toBe(404);
  });

  test('another number: its owner is shown first, never its balance, and a new owner stops the payment', async () => {
    const query = await zhang.call<{ id: string }>('POST', 'number_queries', { number: STRANGER });
    expect(query.body).toMatchObject({ owner: '王*兰', number: '136****3333', balance: null });
    const own = await zhang.call('POST', 'number_queries', { number: ZHANG });
    const agreed = await zhang.call('POST', 'number_queries', { number: MOTHER });
    for (const { body } of [own, agreed]) expect(body).toMatchObject({ balance: { currency: 'CNY' } });
    const target = { type: 'number', number: STRANGER, number_query: query.body.id };
    const paid = await pay(zhang, { target, amount: 3300 });
    expect(paid.body).toMatchObject({ state: 'completed', topup: { state: 'credited', balance_after: null } });
    const { body: list } = await zhang.call<{ data: Payment[] }>('GET', 'payments?limit=100');
    const [first] = list.data;
    expect(first).toMatchObject({ id: paid.body.id, topup: { balance_after: null } });
    expect(list.data.find((one) => one.msisdn === '139****0000')?.topup.balance_after).not.toBeNull();
    gateway.billing.state.addNumber(STRANGER, { subscriberId: 'next', ownerVersion: 2 });
    expect((await pay(zhang, { target, amount: 3400 })).body.code).toBe('number_owner_changed');
  });

  test('somebody who looks up numbers one after another is stopped', async () => {
    const page = new Page(gateway);
    await page.signIn(MOTHER);
    const asked = await Promise.all(
      Array.from({ length: 25 }, () => page.call('POST', 'number_queries', { number: ZHANG })),
    );
    expect(asked.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(4);
  });

  describe('the stream', () => {
    const follow = async (page: Page, id: string): Promise<string> => {
      const answer = await fetch(`${gateway.url}/v1/portal/payments/${id}/stream`, {
        headers: { cookie: page.cookie },
      });
      expect(answer.headers.get('content-type')).toContain('text/event-stream');
      expect(answer.headers.get('request-id')).toMatch(/^req_/);
      return answer.text();
    };
    const states = (text: string) =>
      [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => (JSON.parse(data) as Payment).state);

    test('of a final payment tells it and ends', async () => {
      const { body } = await pay(zhang, { amount: 3500 });
      expect(states(await follow(zhang, body.id))).toEqual(['completed']);
    });

    test('of a doubt goes on until the bank has spoken, then ends', async () => {
      gateway.bank.play('silent');
      const { status, body } = await pay(zhang, { amount: 3600 });
      expect([status, body.state, body.final]).toEqual([202, 'unknown', false]);
      const stream = follow(zhang, body.id);
      gateway.bank.play('succeed');
      const { db } = gateway.database;
      await db.run('UPDATE payment SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE payment_no = ?', [body.number]);
      await gateway.app.get(PaymentsSweepJob).sweep();
      const seen = states(await stream);
      expect(seen[0]).toBe('unknown');
      expect(seen.at(-1)).toBe('completed');
    });

    test('never more than a few per customer', async () => {
      gateway.bank.play('silent');
      const { body } = await pay(zhang, { amount: 3700 });
      const aborts = Array.from({ length: 5 }, () => new AbortController());
      const url = `${gateway.url}/v1/portal/payments/${body.id}/stream`;
      const open = await Promise.all(
        aborts.map(({ signal }) => fetch(url, { headers: { cookie: zhang.cookie }, signal })),
      );
      expect(open.every(({ status }) => status === 200)).toBe(true);
      const sixth = await zhang.call('GET', `payments/${body.id}/stream`);
      expect([sixth.status, sixth.body['code']]).toEqual([429, 'rate_limited']);
      for (const abort of aborts) abort.abort();
      await until(async () => (await fetch(url, { headers: { cookie: zhang.cookie } })).status === 200);
    });
  });

  test('while unknown, paying again is possible knowingly and only then', async () => {
    gateway.bank.play('silent');
    const first = await pay(zhang, { amount: 3800 });
    gateway.bank.play('succeed');
    const again = await pay(zhang, { amount: 3800, replaces: first.body.id });
    expect(again.body).toMatchObject({ state: 'completed', replaces: first.body.id });
    expect((await pay(zhang, { amount: 3800, replaces: again.body.id })).body.code).toBe('state_conflict');
  });
});

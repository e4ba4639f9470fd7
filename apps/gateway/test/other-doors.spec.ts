import { createHmac } from 'node:crypto';
import { CustomerSessions, Partners } from '../src/access';
import { NonceGate } from '../src/access/nonce-gate';
import { SignedDoor } from '../src/access/signed-door';
import { DB, type Db } from '../src/platform';
import { openDoors, type Answered, type Call, type Doors } from './doors';

let doors: Doors;
beforeAll(async () => {
  const nobody = (request: { items: { msisdn: string }[] }) => ({
    items: request.items.map(({ msisdn }) => ({ msisdn })),
    queueAgeMs: 0,
  });
  doors = await openDoors({ billing: { 'numbers.lookup': nobody } });
});
afterAll(() => doors.close());

const codeOf = (answer: Answered) => `${answer.status} ${String(answer.json['code'])}`;
const now = () => Math.floor(Date.now() / 1000);
async function rows(table: string): Promise<string> {
  const [row] = await doors.app.get<Db>(DB).select<{ n: bigint }>(`SELECT COUNT(*) AS n FROM ${table}`);
  return String(row?.n);
}

describe('callbacks of a provider', () => {
  const event = { event_id: 'ev-1', type: 'debit.succeeded', occurred_at: '2026-11-22T04:00:00Z', data: {} };
  const call = (body: unknown = event, provider = 'bank_a'): Call => ({
    method: 'POST',
    path: `/callbacks/${provider}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

  test('only the bank itself is believed, and only now', async () => {
    const { bank_a_2026: bank, test_bank: stranger } = doors.keys;
    expect(codeOf(await doors.call(call()))).toBe('401 signature_invalid');
    expect(codeOf(await doors.signed(stranger, call()))).toBe('401 signature_invalid');
    expect(codeOf(await doors.signed(bank, call(), { created: now() - 400 }))).toBe('401 signature_invalid');
    expect(codeOf(await doors.signed(bank, call(event, 'bank_x')))).toBe('404 not_found');
    expect(codeOf(await doors.signed(bank, call('{"event_id":1}')))).toBe('400 field_invalid');
    expect(codeOf(await doors.signed(bank, call('{')))).toBe('400 json_invalid');
    expect(codeOf(await doors.signed(bank, call({ ...event, x: 'y'.repeat(70_000) })))).toBe('413 body_too_large');
    expect(await rows('provider_callback')).toBe('0');
  });

  test('the same event twice is stored once and both times a success', async () => {
    for (const nth of [1, 2]) {
      const answer = await doors.signed(doors.keys.bank_a_2026, call());
      expect(`${nth} ${answer.status} ${answer.text}`).toBe(`${nth} 200 success`);
    }
    expect(await rows('provider_callback')).toBe('1');
  });
});

describe('messages from phones', () => {
  const message = { id: 'm-1', from: '13800001234', to: '10086', text: '??', time: '2026-11-22T04:00:00Z' };
  const send = (body: unknown, secret = 'sms-secret-of-the-test') => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const signature = createHmac('sha256', secret).update(text).digest('hex');
    return doors.call({
      method: 'POST',
      path: '/channels/sms/mo',
      body: text,
      headers: { 'x-smsc-signature': signature },
    });
  };

  test('only the message centre is believed', async () => {
    expect(codeOf(await send(message, 'another-secret'))).toBe('401 signature_invalid');
    expect(codeOf(await doors.call({ method: 'POST', path: '/channels/sms/mo', body: message }))).toBe(
      '401 signature_invalid',
    );
    expect(codeOf(await send({ ...message, from: 'nobody' }))).toBe('400 sms_not_accepted');
    expect(codeOf(await send({ id: 'm-2' }))).toBe('400 sms_not_accepted');
    expect(codeOf(await send('{'))).toBe('400 json_invalid');
  });

  test('a text that nobody understands is taken, twice the same is one', async () => {
    for (const _ of [1, 2]) expect((await send(message)).status).toBe(200);
    expect(await rows('payment')).toBe('0');
  });
});

describe('the portal', () => {
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Call => ({
    method: 'POST',
    path: `/v1/portal/${path}`,
    body: body as object,
    headers: { 'x-requested-with': 'portal', ...headers },
  });

  test('codes and sign-in', async () => {
    expect(codeOf(await doors.call(post('codes', { number: '1390000' })))).toBe('400 number_malformed');
    const refused = { number: '13800001234', code: '000000' };
    expect(codeOf(await doors.call(post('sessions', refused)))).toBe('401 sign_in_failed');
    expect(codeOf(await doors.call(post('sessions', { ...refused, code: 'abc' })))).toBe('400 field_invalid');
    expect(codeOf(await doors.call(post('codes', refused, { 'x-requested-with': 'x' })))).toMatch(/^40[01]/);
  });

  test('bad payments', async () => {
    const cookie = (await doors.app.get(CustomerSessions).open('13800001234')).split(';')[0] ?? '';
    const good = {
      target: { type: 'self' },
      amount: 5000,
      currency: 'CNY',
      funding: { type: 'cashier', provider: 'bank_a', presentation: 'redirect' },
    };
    const pay = async (body: unknown, key = '"k-1"') =>
      codeOf(await doors.call(post('payments', body, { cookie, 'idempotency-key': key })));
    expect(await pay({ ...good, amount: -1 })).toBe('400 amount_below_minimum');
    expect(await pay({ ...good, amount: 0.5 })).toBe('400 amount_not_integer');
    expect(await pay({ ...good, currency: 'USD' })).toBe('400 currency_not_supported');
    expect(await pay({ ...good, target: { type: 'number', number: '1' } })).toMatch(
      /^400 (number_malformed|field_invalid)$/,
    );
    expect(await pay({ ...good, amount_yuan: 1 })).toBe('400 field_unknown');
    expect(await pay(good)).toBe('404 number_unknown');
    expect(codeOf(await doors.call(post('payments', good, { cookie })))).toBe('400 idempotency_key_missing');
    expect(await rows('payment')).toBe('0');
  });
});

test('in live mode a refused signature shows the hash of our base only', async () => {
  const door = new SignedDoor(doors.app.get(Partners), doors.app.get(NonceGate), { ...doors.config, livemode: true });
  const headers = {
    'signature-input': `yd=("@method" "@target-uri");created=${now()};nonce="12345678";keyid="test_bank"`,
  };
  const request = {
    method: 'GET',
    raw: { url: '/v1/payments' },
    headers: { ...headers, signature: `yd=:${'A'.repeat(86)}==:` },
  };
  const refusal: unknown = await door.admit(request as never, {} as never, 'calls').catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    code: 'signature_invalid',
    input: { extra: { signature_base_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
  });
  expect(JSON.stringify(refusal)).not.toContain('@target-uri');
});

import {
  newEd25519,
  signingKey,
  verifyingKey,
  verifyResponse,
  type SigningKey,
  type SignOptions,
  type VerifyingKey,
} from '@yidian/security';
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { DB, type Db } from '../src/platform';
import { bodyOf, openDoors, signatureOf, type Answered, type Call, type Doors } from './doors';

let doors: Doors;
beforeAll(async () => {
  const nobody = (request: { items: { msisdn: string }[] }) => ({
    items: request.items.map(({ msisdn }) => ({ msisdn })),
    queueAgeMs: 0,
  });
  doors = await openDoors({ billing: { 'numbers.lookup': nobody } });
});
afterAll(() => doors.close());

const good = {
  reference: 'R-1',
  number: '13900000000',
  amount: 5000,
  currency: 'CNY',
  funding: { type: 'collected', taken_at: '2026-11-22T04:00:00.000Z' },
};
let serial = 0;
const pay = (body: unknown = good): Call => ({
  method: 'POST',
  path: '/v1/payments',
  headers: { 'idempotency-key': `"bad-${++serial}"` },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const codeOf = (answer: Answered) => `${answer.status} ${String(answer.json['code'])}`;
const now = () => Math.floor(Date.now() / 1000);

/** Sent with headers of a signature that was made for something else. */
function tampered(call: Call, change: Partial<Call>, options?: SignOptions): Promise<Answered> {
  const headers = { ...call.headers, ...signatureOf(doors.url, doors.keys.test_bank, call, options) };
  const next = { ...call, ...change };
  return doors.call({ ...next, headers: { ...headers, ...change.headers } });
}

describe('signatures', () => {
  test('another body, target, key, digest', async () => {
    expect(codeOf(await tampered(pay(), { body: JSON.stringify({ ...good, amount: 500_000 }) }))).toBe(
      '400 digest_mismatch',
    );
    expect(codeOf(await tampered(pay(), { path: '/v1/payments?x=1' }))).toBe('401 signature_invalid');
    expect(codeOf(await tampered(pay(), { headers: { 'idempotency-key': '"other"' } }))).toBe('401 signature_invalid');
    expect(codeOf(await tampered(pay(), { headers: { signature: 'yd=:AAAA:' } }))).toBe('401 signature_invalid');
    expect(codeOf(await tampered(pay(), { headers: { 'signature-input': 'yd=(' } }))).toBe('401 signature_invalid');
  });

  test('in test mode the refusal shows the base that we built', async () => {
    const answer = await tampered(pay(), { path: '/v1/payments?x=1' });
    expect(String(answer.json['signature_base']).split('\n').slice(0, 2)).toEqual([
      '"@method": POST',
      `"@target-uri": ${doors.url}/v1/payments?x=1`,
    ]);
  });

  test('too old, too new, used before', async () => {
    const bank = doors.keys.test_bank;
    expect(codeOf(await doors.signed(bank, pay(), { created: now() - 310 }))).toBe('401 signature_expired');
    expect(codeOf(await doors.signed(bank, pay(), { created: now() + 310 }))).toBe('401 signature_expired');
    const once: Call = { method: 'GET', path: '/v1/payments' };
    expect((await doors.signed(bank, once, { nonce: 'used-only-once' })).status).toBe(200);
    expect(codeOf(await doors.signed(bank, once, { nonce: 'used-only-once' }))).toBe('401 nonce_reused');
  });

  test('unknown, foreign and far keys; every algorithm', async () => {
    const { privateKeyPem } = newEd25519();
    const list: Call = { method: 'GET', path: '/v1/payments' };
    expect(codeOf(await doors.signed(signingKey('test_nobody', 'ed25519', privateKeyPem), list))).toBe(
      '401 key_unknown',
    );
    expect(codeOf(await doors.signed(signingKey('live_bank', 'ed25519', privateKeyPem), list))).toBe(
      '401 key_wrong_mode',
    );
    expect(codeOf(await doors.signed(signingKey('test_bank', 'ed25519', privateKeyPem), list))).toBe(
      '401 signature_invalid',
    );
    expect(codeOf(await doors.signed(doors.keys.test_far, list))).toBe('403 ip_not_allowed');
    for (const key of [doors.keys.test_hmac, doors.keys.test_rsa])
      expect((await doors.signed(key, list)).status).toBe(200);
  });

  test('a key does what its scopes say: a counter cannot debit, a shop cannot claim cash', async () => {
    const cashier = { ...good, funding: { type: 'cashier', provider: 'bank_a', presentation: 'qr' } };
    expect(codeOf(await doors.signed(doors.keys.test_bank, pay(cashier)))).toBe('403 scope_missing');
    expect(codeOf(await doors.signed(doors.keys.test_shop, pay(good)))).toBe('403 scope_missing');
    expect(codeOf(await doors.signed(doors.keys.test_shop, { ...pay(), path: '/v1/refunds' }))).toBe(
      '403 scope_missing',
    );
  });
});

test('bad input gets its documented code and leaves no row behind', async () => {
  const table: [string, unknown, string][] = [
    ['negative', { ...good, amount: -5000 }, '400 amount_below_minimum'],
    ['zero', { ...good, amount: 0 }, '400 amount_below_minimum'],
    ['fraction', { ...good, amount: 50.5 }, '400 amount_not_integer'],
    ['text', { ...good, amount: '5000' }, '400 amount_not_integer'],
    ['past 2^53−1', JSON.stringify(good).replace('5000', '9007199254740993'), '400 amount_not_integer'],
    ['exponent', JSON.stringify(good).replace('5000', '1e400'), '400 amount_not_integer'],
    ['dollars', { ...good, currency: 'USD' }, '400 currency_not_supported'],
    ['number with country code', { ...good, number: '+8613900000000' }, '400 number_malformed'],
    ['number that nobody has', good, '404 number_unknown'],
    ['misspelt field', { ...good, amout: 1 }, '400 field_unknown'],
    ['no body', '', '400 json_invalid'],
    ['no JSON', '{"amount":5000', '400 json_invalid'],
    ['a list', [], '400 field_invalid'],
    ['prototype', '{"__proto__":{"amount":1}}', '400 field_invalid'],
    ['too much', { ...good, metadata: { x: 'y'.repeat(70_000) } }, '413 body_too_large'],
  ];
  for (const [name, body, expected] of table) {
    expect(`${name}: ${codeOf(await doors.signed(doors.keys.test_bank, pay(body)))}`).toBe(`${name}: ${expected}`);
  }
  const text = pay();
  expect(
    codeOf(
      await doors.signed(doors.keys.test_bank, { ...text, headers: { ...text.headers, 'content-type': 'text/plain' } }),
    ),
  ).toBe('400 json_invalid');
  const { headers: _key, ...unkeyed } = pay();
  expect(codeOf(await doors.signed(doors.keys.test_bank, unkeyed))).toBe('400 idempotency_key_missing');
  const db = doors.app.get<Db>(DB);
  for (const name of ['payment', 'partner_reference', 'fact']) {
    const [row] = await db.select<{ n: bigint }>(`SELECT COUNT(*) AS n FROM ${name}`);
    expect(`${name} ${String(row?.n)}`).toBe(`${name} 0`);
  }
});

async function publishedKey(): Promise<(id: string) => VerifyingKey | undefined> {
  const { keys } = (await doors.call({ method: 'GET', path: '/.well-known/jwks.json' })).json as { keys: JsonWebKey[] };
  const jwk = keys[0] as JsonWebKey;
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
  return (id) => (id === jwk['kid'] ? verifyingKey(id, 'ed25519', pem) : undefined);
}

test('our answers are signed, refusals included, and each belongs to its own request', async () => {
  const find = await publishedKey();
  const calls: Call[] = [
    { method: 'GET', path: '/v1/payments?limit=1' },
    pay({ ...good, amount: 1.5 }),
    pay('{'),
    pay({ ...good, metadata: { x: 'y'.repeat(70_000) } }),
    { method: 'GET', path: '/v1/nowhere' },
  ];
  for (const call of calls) {
    const added = signatureOf(doors.url, doors.keys.test_bank, call);
    const answer = await doors.call({ ...call, headers: { ...call.headers, ...added } });
    const request = {
      method: call.method,
      url: doors.url + call.path,
      headers: { ...call.headers, ...added },
      body: bodyOf(call),
    };
    const response = { status: answer.status, headers: Object.fromEntries(answer.headers), body: answer.text, request };
    await expect(verifyResponse(response, find)).resolves.toMatchObject({ keyId: 'yidian_test' });
    const other = {
      ...request,
      headers: { ...request.headers, ...signatureOf(doors.url, doors.keys.test_bank, call) },
    };
    await expect(verifyResponse({ ...response, request: other }, find)).rejects.toThrow();
  }
});

test('who signs with a shared secret gets answers under it, once it has proved to hold it', async () => {
  const shared = doors.keys.test_hmac;
  const ours = await publishedKey();
  const signerOf = async (key: SigningKey, call: Call): Promise<string> => {
    const request = { method: call.method, url: doors.url + call.path, body: bodyOf(call) };
    const headers = { ...call.headers, ...signatureOf(doors.url, key, call) };
    const answer = await doors.call({ ...call, headers });
    const response = {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: answer.text,
      request: { ...request, headers },
    };
    const { keyId } = await verifyResponse(response, (id) => (id === shared.keyId ? shared : ours(id)));
    return `${answer.status} ${keyId}`;
  };
  const stranger = signingKey(shared.keyId, 'hmac-sha256', Buffer.alloc(32, 8).toString('base64'));
  expect(await signerOf(shared, { method: 'GET', path: '/v1/payments?limit=1' })).toBe('200 test_hmac');
  expect(await signerOf(shared, pay({ ...good, amount: 1.5 }))).toBe('400 test_hmac');
  expect(await signerOf(shared, pay('{'))).toBe('400 test_hmac');
  expect(await signerOf(stranger, pay())).toBe('401 yidian_test');
  expect(await signerOf(shared, { method: 'GET', path: '/v1/nowhere' })).toBe('404 yidian_test');
});

test('a request that is not plain goes another way through the house and gets the same answer', async () => {
  const [bank, shared] = [doors.keys.test_bank, doors.keys.test_hmac];
  const chinese = { 'accept-language': 'zh-CN' };
  const table: [string, () => Call, SigningKey, SignOptions?, Record<string, string>?][] = [
    ['nobody has the number', () => pay(), shared],
    ['a fraction', () => pay({ ...good, amount: 1.5 }), shared],
    ['findings in Chinese', () => pay({ ...good, amount: 1.5, currency: 'X', more: '钱' }), bank, undefined, chinese],
    ['no JSON', () => pay('{'), shared],
    ['too much', () => pay({ ...good, metadata: { x: 'y'.repeat(70_000) } }), shared],
    ['too old', () => pay(), shared, { created: now() - 310 }],
    ['a scope that the key lacks', () => pay({ ...good, funding: { type: 'agreement' } }), bank],
    ['no scope at all', () => pay(), doors.keys.test_far],
    ['another body than was signed', () => pay(), shared, undefined, { 'content-digest': 'sha-256=:AAAA:' }],
    ['no key', () => ({ ...pay(), headers: {} }), bank],
    ['in bulk', () => ({ ...pay({ items: [good, { ...good, amount: 0 }] }), path: '/v1/payments/bulk' }), shared],
    ['in bulk, too many', () => ({ ...pay({ items: [] }), path: '/v1/payments/bulk' }), shared],
  ];
  const changing = /^(date|request-id|ratelimit|signature|signature-input|content-digest|content-length)$/;
  const answered = async (call: Call, added: Record<string, string>, more: Record<string, string>) => {
    const answer = await doors.call({ ...call, headers: { ...call.headers, ...added, ...more } });
    const fields = [...answer.headers].filter(([name]) => !changing.test(name)).sort();
    const text = answer.text.replaceAll(/req_\w+/g, '').replaceAll(/"signature_base":"[^}]*"/g, '');
    return { status: answer.status, fields, text, names: [...answer.headers.keys()].sort() };
  };
  for (const [name, make, key, options, more = {}] of table) {
    const [call, again] = [make(), make()];
    const straight = await answered(call, signatureOf(doors.url, key, call, options), more);
    const around = await answered(again, signatureOf(doors.url, key, again, options), { ...more, te: 'trailers' });
    expect({ name, ...straight }).toEqual({ name, ...around });
  }
});

test('limits are shown on every answer', async () => {
  const answer = await doors.signed(doors.keys.test_bank, { method: 'GET', path: '/v1/payments' });
  expect(answer.headers.get('ratelimit-policy')).toBe('"calls";q=1000;w=2');
  expect(answer.headers.get('ratelimit')).toMatch(/^"calls";r=\d+;t=2$/);
});

test('without Redis: keyed money and reads go on, an unkeyed write is refused; after a wipe old signatures are', async () => {
  const bank = doors.keys.test_bank;
  const made = { created: now() - 2 };
  await doors.redis.admin.flushdb();
  expect(codeOf(await doors.signed(bank, { method: 'GET', path: '/v1/payments' }, made))).toBe('401 signature_expired');
  await doors.redis.stop();
  expect((await doors.signed(bank, { method: 'GET', path: '/v1/payments' })).status).toBe(200);
  expect(codeOf(await doors.signed(bank, pay()))).toBe('404 number_unknown');
  const query: Call = { method: 'POST', path: '/v1/number_queries', body: { number: '13900000000' } };
  const refused = await doors.signed(bank, query);
  expect(codeOf(refused)).toBe('503 busy');
  expect(refused.headers.get('retry-after')).toBe('2');
});

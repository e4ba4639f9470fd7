import { newEd25519, signRequest, signingKey } from '@yidian/security';
import { createHmac, createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from './main';

let dir: string;
let out: string[];
let complaints: string[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'callback-'));
  out = [];
  complaints = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (out.push(String(text)), true));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => (complaints.push(String(text)), true));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

const file = (name: string, content: unknown): string => {
  const path = join(dir, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
interface Told {
  verified: boolean;
  fault: string;
  event_id: string;
  event: { type: string; order_no: string; answer: Record<string, unknown> } | null;
  door: { admitted: boolean; fault: string };
}
/** Runs the command as it is typed; null where it printed no report. */
async function run(provider: string, keys: unknown, request: unknown, ...more: string[]) {
  const files = ['--keys', file('keys.json', keys), file('request.json', request)];
  const code = await main(['verify', '--provider', provider, ...files, '--json', ...more]);
  const last = out.join('').trim().split('\n').at(-1) ?? '';
  return { code, report: last === '' ? null : (JSON.parse(last) as Told) };
}

describe('a provider’s callback', () => {
  const secret = 'whsec_test_0123456789';
  const at = '2026-11-22T03:16:00Z';
  const unix = Date.parse(at) / 1_000;
  const object = {
    id: 'pi_1',
    status: 'succeeded',
    amount: 5000,
    amount_received: 5000,
    currency: 'cny',
    created: unix,
  };
  const event = { id: 'evt_1', object: 'event', type: 'payment_intent.succeeded', created: unix };
  const metadata = { order_no: '2611224321500731004201', order_kind: 'debit' };
  const body = JSON.stringify({ ...event, data: { object: { ...object, metadata } } });
  const signature = `t=${unix},v1=${createHmac('sha256', secret).update(`${unix}.${body}`).digest('hex')}`;
  const keys = { webhookSecrets: [secret] };
  const request = {
    method: 'post',
    url: 'https://pay.example/callbacks/s',
    headers: { 'STRIPE-Signature': signature },
    body,
  };

  test('is verified as of its time, and its event is told in our words', async () => {
    const { code, report } = await run('stripe', keys, request, '--now', at);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      verified: true,
      event_id: 'evt_1',
      event: {
        type: 'debit',
        order_no: metadata.order_no,
        answer: { outcome: 'succeeded', amount: '5000', currency: 'CNY' },
      },
    });
  });

  test('in base64 it is the same bytes; headers may come as a list', async () => {
    const bodyBase64 = Buffer.from(body).toString('base64');
    const given = { ...request, body: undefined, bodyBase64, headers: [['stripe-signature', signature]] };
    expect((await run('stripe', keys, given, '--now', at)).code).toBe(0);
    const snake = { ...request, body: undefined, body_base64: bodyBase64 };
    expect((await run('stripe', keys, snake, '--now', at)).code).toBe(0);
  });

  test.each([
    ['a changed body', { ...request, body: body.replace('5000', '9000') }, at, 'signature_invalid'],
    ['no signature', { ...request, headers: {} }, at, 'signature_missing'],
    ['an hour later', request, '2026-11-22T12:16:00+08:00', 'stale'],
    ['an hour before', request, '2026-11-22T02:16:00Z', 'stale'],
    [
      'two signatures',
      { ...request, headers: { a: 'b', 'Stripe-Signature': [signature, signature] } },
      at,
      'parameter_twice',
    ],
  ])('is refused: %s', async (_name, given, now, fault) => {
    const { code, report } = await run('stripe', keys, given, '--now', now);
    expect([code, report?.verified, report?.fault]).toEqual([1, false, fault]);
    expect(report).not.toHaveProperty('event'); // what is not proven is not read
  });

  test('is told in lines for a reader', async () => {
    const files = ['--keys', file('keys.json', keys), file('request.json', request)];
    expect(await main(['verify', '--provider', 'stripe', ...files, '--now', at])).toBe(0);
    expect(out.join('')).toContain('verified  stripe\nevent id  evt_1\nevent     event_id evt_1');
    expect(out.join('')).toContain('answer.amount 5000');
  });
});

describe('a direct bank’s callback', () => {
  const { privateKeyPem, publicKeyPem } = newEd25519();
  const key = signingKey('bank_2026', 'ed25519', privateKeyPem);
  const at = '2026-11-22T03:16:00Z';
  const url = 'https://pay.example/callbacks/bank_a';
  const body = JSON.stringify({
    event_id: 'e1',
    type: 'debit.declined',
    occurred_at: at,
    data: { attempt_no: 'A1', status: 'declined', reason: 'limit' },
  });
  const created = Date.parse(at) / 1_000;
  const headers = signRequest({ method: 'POST', url, headers: {}, body }, key, { created });
  const keys = { theirKeys: [{ keyId: 'bank_2026', alg: 'ed25519', publicKeyPem }] };

  test('needs only the bank’s keys', async () => {
    const good = await run('bank-direct', keys, { method: 'POST', url, headers, body }, '--now', at);
    expect(good.code).toBe(0);
    expect(good.report?.event).toMatchObject({ type: 'debit', order_no: 'A1', answer: { reason: 'limit' } });
    const whole = { ...keys, baseUrl: 'https://bank.example', ourKeyId: 'x' };
    expect((await run('bank-direct', whole, { method: 'POST', url, headers, body }, '--now', at)).code).toBe(0);
    expect((await run('bank-direct', keys, { method: 'POST', url, headers, body })).report?.fault).toBe('stale');
  });
});

/** Keys and messages of RFC 9421, Appendix B. */
describe('a partner’s request', () => {
  const keys = [
    {
      keyId: 'test-key-ed25519',
      alg: 'ed25519',
      material: `-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n`,
    },
  ];
  const at = '2021-04-20T02:07:56Z';
  const plain = {
    Host: 'example.com',
    Date: 'Tue, 20 Apr 2021 02:07:55 GMT',
    'Content-Type': 'application/json',
    'Content-Digest':
      'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
    'Content-Length': '18',
  };
  const vector = (input: string, signature: string) => ({
    method: 'POST',
    url: 'https://example.com/foo?param=Value&Pet=dog',
    headers: { ...plain, 'Signature-Input': input, Signature: signature },
    body: '{"hello": "world"}',
  });
  const B26 = vector(
    'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
  );
  test('a path is enough for an address where the host is named; the door may be made the verdict', async () => {
    const request = { ...B26, url: '/foo?param=Value&Pet=dog' };
    const { code, report } = await run('partner', keys, request, '--now', at);
    expect([code, report?.verified]).toEqual([0, true]);
    expect(report?.door).toMatchObject({ admitted: false, fault: 'signature_invalid' });
    expect((await run('partner', keys, request, '--now', at, '--door')).code).toBe(1);
  });

  const headed = (more: object) => ({ ...B26, headers: { ...B26.headers, ...more } });
  test.each([
    ['another body', { ...B26, body: '{"hello": "World"}' }, at, 'digest_mismatch'],
    ['another path', { ...B26, url: 'https://example.com/bar' }, at, 'signature_invalid'],
    ['another method', { ...B26, method: 'PUT' }, at, 'signature_invalid'],
    ['another date', headed({ Date: 'Tue, 20 Apr 2021 02:07:56 GMT' }), at, 'signature_invalid'],
    ['no signature', headed({ Signature: undefined }), at, 'signature_invalid'],
    ['an unreadable one', headed({ Signature: 'sig-b26=:*:' }), at, 'signature_invalid'],
    ['today', B26, '2026-11-22T03:16:00Z', 'signature_expired'],
    [
      'a key nobody has',
      headed({ 'Signature-Input': B26.headers['Signature-Input'].replace('test-key-ed25519', 'who') }),
      at,
      'key_unknown',
    ],
    [
      'another algorithm than the key’s',
      headed({ 'Signature-Input': `${B26.headers['Signature-Input']};alg="hmac-sha256"` }),
      at,
      'signature_invalid',
    ],
  ])('refused: %s', async (_name, request, now, fault) => {
    const { code, report } = await run('partner', keys, request, '--now', now);
    expect([code, report?.verified, report?.fault]).toEqual([1, false, fault]);
  });

  test('signed as our partners sign, it passes our door too', async () => {
    const { privateKeyPem, publicKeyPem } = newEd25519();
    const url = 'https://pay.example/v1/payments';
    const created = Date.parse('2026-11-22T03:16:00Z') / 1_000;
    const signed = signRequest(
      { method: 'POST', url, headers: {}, body: '{}' },
      signingKey('p1', 'ed25519', privateKeyPem),
      { created },
    );
    const list = [{ keyId: 'p1', alg: 'ed25519', material: publicKeyPem }];
    const { code, report } = await run(
      'partner',
      list,
      { method: 'POST', url, headers: signed, body: '{}' },
      '--now',
      '2026-11-22T03:16:00Z',
      '--door',
    );
    expect([code, report?.door.admitted]).toEqual([0, true]);
    expect(createHash('sha256').update('{}').digest('base64')).toContain(signed['content-digest']?.slice(9, 40));
  });
});

describe('what cannot be used', () => {
  const request = { method: 'POST', url: 'https://pay.example/', headers: {}, body: '' };
  test.each<[string, string, unknown, unknown, string]>([
    ['a provider nobody built', 'paypal', {}, request, 'There is no provider paypal'],
    ['keys of another shape', 'stripe', { secret: 'x' }, request, 'webhookSecrets'],
    ['a bank without keys', 'bank-direct', {}, request, 'theirKeys'],
    [
      'keys that are no keys',
      'partner',
      [{ keyId: 'a', alg: 'ed25519', material: 'PEM' }],
      request,
      'The key a cannot be used',
    ],
    ['a body that was parsed', 'stripe', { webhookSecrets: ['whsec_12345678'] }, { ...request, body: {} }, 'body'],
    [
      'no address',
      'stripe',
      { webhookSecrets: ['whsec_12345678'] },
      { ...request, url: 'nowhere' },
      'url is no address',
    ],
    ['no JSON', 'stripe', { webhookSecrets: ['whsec_12345678'] }, '{', 'is not JSON'],
  ])('%s', async (_name, provider, keys, given, words) => {
    const { code, report } = await run(provider, keys, given);
    expect([code, report]).toEqual([2, null]);
    expect(complaints.join('')).toContain(words);
  });

  test('words that are not understood give the usage', async () => {
    expect(await main(['verify'])).toBe(2);
    expect(await main(['verify', '--provider', 'stripe', '--keys', 'none.json', 'none.json'])).toBe(2);
    expect(complaints.join('')).toContain('npm run callback -- verify');
    expect(complaints.join('')).toContain('none.json cannot be read');
  });
});

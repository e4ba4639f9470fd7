import { newEd25519, signingKey, signRequest, verifyingKey, type SigningKey, type SignOptions } from '@yidian/security';
import type { RawCallback } from '../contract';
import { BankCallbacks } from './callbacks';

const [bank, stranger] = [newEd25519(), newEd25519()];
const KEY = signingKey('bank_2026', 'ed25519', bank.privateKeyPem);
const AT = Date.parse('2026-11-22T03:16:00Z');
const URL_OF_US = 'https://pay.example/callbacks/bank_a';
const BODY = JSON.stringify({
  event_id: 'evt-1',
  type: 'debit.succeeded',
  occurred_at: '2026-11-22T11:15:59+08:00',
  data: {
    attempt_no: '2611224321500731004201',
    status: 'succeeded',
    amount: 5000,
    currency: 'CNY',
    txn_id: 'T1',
    name: '充值',
  },
});
const keys = [verifyingKey('bank_2026', 'ed25519', bank.publicKeyPem)];

interface Told {
  key?: SigningKey;
  body?: string | Buffer;
  url?: string;
  method?: string;
  type?: string;
  options?: Partial<SignOptions>;
}
/** As the bank sends it, signed over the very bytes. */
function told({
  key = KEY,
  body = BODY,
  url = URL_OF_US,
  method = 'POST',
  type = 'application/json',
  options,
}: Told = {}) {
  const bytes = Buffer.from(body as string);
  const message = { method, url, headers: { 'content-type': type }, body: bytes };
  const signed = signRequest(message, key, { created: AT / 1_000, ...options });
  const callback: RawCallback = { method, targetUri: url, headers: { 'content-type': type, ...signed }, body: bytes };
  return callback;
}
const edited = (change: (one: RawCallback) => Partial<RawCallback>): RawCallback => {
  const one = told();
  return { ...one, ...change(one) };
};
const headed = (change: (name: string, value: string) => string | string[] | undefined): RawCallback =>
  edited(({ headers }) => ({
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, change(name, value as string)])),
  }));
const input = (change: (value: string) => string): RawCallback =>
  headed((name, value) => (name === 'signature-input' ? change(value) : value));

const judged = (callback: RawCallback, now = AT) => new BankCallbacks(keys, () => new Date(now)).verify(callback);

test('the bank’s own callback is verified, also in the words that HTTP allows', async () => {
  expect(await judged(told())).toEqual({ verified: true });
  expect(await judged(told({ type: 'application/json; charset="UTF-8"' }))).toEqual({ verified: true });
  const upper = edited(({ headers }) => ({
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value])),
  }));
  expect(await judged(upper)).toEqual({ verified: true });
});

test('not one byte of it can be changed', async () => {
  const one = told();
  for (let at = 0; at < one.body.length; at++) {
    const body = Buffer.from(one.body);
    body[at] = (body[at] ?? 0) ^ 1;
    expect(`${at} ${(await judged({ ...one, body })).verified}`).toBe(`${at} false`);
  }
});

describe('fails closed', () => {
  test.each<[string, () => RawCallback, string]>([
    [
      'another body under the digest of the first',
      () => edited(() => ({ body: Buffer.from(BODY.replace('5000', '9000')) })),
      'signature_invalid',
    ],
    [
      'another key under the bank’s name',
      () => told({ key: signingKey('bank_2026', 'ed25519', stranger.privateKeyPem) }),
      'signature_invalid',
    ],
    [
      'a key nobody knows',
      () => told({ key: signingKey('stranger', 'ed25519', stranger.privateKeyPem) }),
      'key_unknown',
    ],
    [
      'another address',
      () => edited(() => ({ targetUri: 'https://pay.example/callbacks/bank_b' })),
      'signature_invalid',
    ],
    ['another method', () => edited(() => ({ method: 'PUT' })), 'signature_invalid'],
    [
      'a host that is not ours',
      () => edited(() => ({ targetUri: 'https://evil.example/callbacks/bank_a' })),
      'signature_invalid',
    ],
    ['no signature', () => headed((name, value) => (name === 'signature' ? undefined : value)), 'signature_missing'],
    [
      'no word of what was signed',
      () => headed((name, value) => (name === 'signature-input' ? undefined : value)),
      'signature_missing',
    ],
    [
      'a signature that is none',
      () => headed((name, value) => (name === 'signature' ? 'sig1=:AAAA:' : value)),
      'signature_invalid',
    ],
    [
      'a signature that cannot be read',
      () => headed((name, value) => (name === 'signature' ? 'sig1=' : value)),
      'signature_invalid',
    ],
    ['no digest', () => headed((name, value) => (name === 'content-digest' ? undefined : value)), 'signature_invalid'],
    [
      'a later time than was signed',
      () => input((value) => value.replace(/created=\d+/, `created=${AT / 1_000 + 1}`)),
      'signature_invalid',
    ],
    [
      'another nonce than was signed',
      () => input((value) => value.replace(/nonce="[^"]+"/, 'nonce="another-nonce-0001"')),
      'signature_invalid',
    ],
    ['no nonce', () => input((value) => value.replace(/;nonce="[^"]+"/, '')), 'signature_invalid'],
    [
      'less covered than we ask for',
      () => input((value) => value.replace('"@target-uri"', '"@path"')),
      'signature_invalid',
    ],
    ['an algorithm of its own choice', () => input((value) => `${value};alg="hmac-sha256"`), 'algorithm_refused'],
    [
      'the signature twice',
      () => headed((name, value) => (name === 'signature' ? [value, value] : value)),
      'parameter_twice',
    ],
    [
      'two words of what was signed',
      () => edited(({ headers }) => ({ headers: { ...headers, 'Signature-Input': headers['signature-input'] } })),
      'parameter_twice',
    ],
    [
      'two digests',
      () => headed((name, value) => (name === 'content-digest' ? [value, value] : value)),
      'parameter_twice',
    ],
    ['another charset', () => told({ type: 'application/json; charset=GBK' }), 'charset_refused'],
    [
      'bytes of GBK, signed',
      () => told({ body: Buffer.from([0x7b, 0xb3, 0xe4, 0xd6, 0xb5, 0x7d]) }),
      'charset_refused',
    ],
    ['nothing', () => edited(() => ({ body: Buffer.alloc(0) })), 'malformed'],
  ])('%s', async (_name, callback, fault) => {
    expect(await judged(callback())).toMatchObject({ verified: false, fault });
  });

  test.each([
    [300, true],
    [301, false],
    [-300, true],
    [-301, false],
  ])('%d s after it was signed: %s', async (seconds, verified) => {
    const verdict = await judged(told(), AT + seconds * 1_000);
    expect(verdict).toMatchObject(verified ? { verified } : { verified, fault: 'stale' });
  });

  test('told again later it is stale; told again at once it bears the same event id, which is stored once', async () => {
    const one = told();
    expect(await judged(one, AT + 3_600_000)).toMatchObject({ verified: false, fault: 'stale' });
    const callbacks = new BankCallbacks(keys, () => new Date(AT));
    expect([callbacks.eventId(one.body), callbacks.eventId(told().body)]).toEqual(['evt-1', 'evt-1']);
  });

  test('while the bank changes keys both are known, and afterwards one', async () => {
    const next = signingKey('bank_2027', 'ed25519', stranger.privateKeyPem);
    const both = [...keys, verifyingKey('bank_2027', 'ed25519', stranger.publicKeyPem)];
    const at = () => new Date(AT);
    for (const key of [KEY, next])
      expect(await new BankCallbacks(both, at).verify(told({ key }))).toEqual({ verified: true });
    expect(await new BankCallbacks(both.slice(1), at).verify(told())).toMatchObject({ fault: 'key_unknown' });
  });
});

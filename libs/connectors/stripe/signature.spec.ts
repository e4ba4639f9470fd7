import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import type { RawCallback } from '../contract';
import { verifySignature } from './signature';

const NOW = new Date('2026-11-22T03:16:00.000Z');
const UNIX = NOW.getTime() / 1_000;
const SECRET = 'whsec_2f6d4c1b9a8e7d6c5b4a39281706f5e4';
const OTHER = 'whsec_00112233445566778899aabbccddeeff';
const BODY = '{\n  "id": "evt_1",\n  "object": "event",\n  "note": "缴费"\n}';

const hex = (secret: string, unix: number, body: Buffer | string): string =>
  createHmac('sha256', secret).update(`${unix}.`).update(body).digest('hex');
const callback = (
  signature: string | string[] | undefined,
  body: Buffer | string = BODY,
  type = 'application/json; charset=utf-8',
): RawCallback => ({
  method: 'POST',
  targetUri: 'https://gateway.example/callbacks/stripe_1',
  headers: { 'content-type': type, 'Stripe-Signature': signature },
  body: Buffer.from(body),
});
const judged = (given: RawCallback, secrets: readonly string[] = [SECRET], now = NOW): string => {
  const verdict = verifySignature(given, secrets, now);
  return verdict.verified ? 'verified' : verdict.fault;
};
const v1 = hex(SECRET, UNIX, BODY);

describe('Stripe-Signature', () => {
  test('what the official kit signs is verified', () => {
    const header = Stripe.webhooks.generateTestHeaderString({ payload: BODY, secret: SECRET, timestamp: UNIX });
    expect(judged(callback(header))).toBe('verified');
    expect(Stripe.webhooks.constructEvent(BODY, `t=${UNIX},v1=${v1}`, SECRET, 0)).toMatchObject({ id: 'evt_1' });
  });

  test('a vector: key, time and body give this very signature', () => {
    // printf '1492774577.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test_secret
    const signature = '799c4ba7bb339f3c8601adfd112f0e477c930a268be1243d341abb8286501c2f';
    const given = callback(`t=1492774577,v1=${signature}`, '{"id":"evt_1"}');
    expect(judged(given, ['whsec_test_secret'], new Date(1_492_774_577_000))).toBe('verified');
  });

  test.each<[string, string | string[] | undefined, string]>([
    ['as Stripe sends it', `t=${UNIX},v1=${v1}`, 'verified'],
    ['with the test scheme beside it', `t=${UNIX},v1=${v1},v0=${hex('x', UNIX, BODY)}`, 'verified'],
    ['with blanks after its commas', `t=${UNIX}, v1=${v1}`, 'verified'],
    ['in capitals', `t=${UNIX},v1=${v1.toUpperCase()}`, 'verified'],
    ['signature first', `v1=${v1},t=${UNIX}`, 'verified'],
    ['signed by two secrets while they change', `t=${UNIX},v1=${hex(OTHER, UNIX, BODY)},v1=${v1}`, 'verified'],
    ['by another secret', `t=${UNIX},v1=${hex(OTHER, UNIX, BODY)}`, 'signature_invalid'],
    ['for another time', `t=${UNIX + 1},v1=${v1}`, 'signature_invalid'],
    ['cut short', `t=${UNIX},v1=${v1.slice(0, 32)}`, 'signature_invalid'],
    ['empty', `t=${UNIX},v1=`, 'signature_invalid'],
    ['the true signature under another scheme', `t=${UNIX},v0=${v1}`, 'algorithm_refused'],
    ['no scheme at all', `t=${UNIX}`, 'signature_missing'],
    ['no header', undefined, 'signature_missing'],
    ['no time', `v1=${v1}`, 'malformed'],
    ['a time that is no number', `t=now,v1=${v1}`, 'malformed'],
    ['two times', `t=${UNIX},t=${UNIX - 900},v1=${v1}`, 'parameter_twice'],
    ['two headers', [`t=${UNIX},v1=${v1}`, `t=${UNIX},v1=${v1}`], 'parameter_twice'],
    ['no list', 'hello', 'malformed'],
  ])('%s', (_name, header, expected) => {
    expect(judged(callback(header))).toBe(expected);
  });

  test('the header by two names is two headers', () => {
    const given = callback(`t=${UNIX},v1=${v1}`);
    const headers = { ...given.headers, 'stripe-signature': `t=${UNIX},v1=${v1}` };
    expect(judged({ ...given, headers })).toBe('parameter_twice');
  });

  test.each([
    [0, 'verified'],
    [300, 'verified'],
    [301, 'stale'],
    [-300, 'verified'],
    [-301, 'stale'],
  ])('%i s after it was signed', (seconds, expected) => {
    const now = new Date(NOW.getTime() + seconds * 1_000);
    expect(judged(callback(`t=${UNIX},v1=${v1}`), [SECRET], now)).toBe(expected);
  });

  test('the bytes count, not the JSON', () => {
    const header = `t=${UNIX},v1=${v1}`;
    expect(judged(callback(header, JSON.stringify(JSON.parse(BODY))))).toBe('signature_invalid');
    expect(judged(callback(header, BODY.replaceAll('\n', '\r\n')))).toBe('signature_invalid');
    expect(judged(callback(header, `\uFEFF${BODY}`))).toBe('signature_invalid');
    expect(judged(callback(header, ''))).toBe('malformed');
  });

  test('another charset is refused, whoever signed it', () => {
    const latin = Buffer.from([0x7b, 0xe9, 0x7d]);
    expect(judged(callback(`t=${UNIX},v1=${hex(SECRET, UNIX, latin)}`, latin))).toBe('charset_refused');
    const gbk = callback(`t=${UNIX},v1=${v1}`, BODY, 'application/json; charset=GBK');
    expect(judged(gbk)).toBe('charset_refused');
  });

  test('old and new secret are both known while they change', () => {
    const given = callback(`t=${UNIX},v1=${hex(OTHER, UNIX, BODY)}`);
    expect(judged(given, [SECRET, OTHER])).toBe('verified');
    expect(judged(given, [])).toBe('signature_invalid');
  });
});

import type { RawCallback, Verdict } from '../contract';
import { definition } from './index';
import { PLAYED_KEYS, certificateOf } from './played-wechat';
import { signedHeaders } from './wire';
import vectors from './vectors.json';

const MINUTE = 60_000;
const AT = Number(vectors.at) * 1_000;
const BY_CERTIFICATE = { platformKeys: [{ certificatePem: vectors.certificatePem }], apiV3Key: vectors.apiV3Key };
const BY_PUBLIC_KEY = {
  platformKeys: [{ serial: vectors.publicKeyId, publicKeyPem: vectors.publicKeyPem }],
  apiV3Key: vectors.apiV3Key,
};

function opened(settings: object, at = AT) {
  const around = { provider: 'wechat_pay', callbackUrl: 'https://gateway.example/callbacks/wechat_pay' };
  const now = () => new Date(at);
  return definition.open(definition.settings.parse(settings), { ...around, now } as never);
}

function told(over: Record<string, string | string[] | undefined> = {}, body = Buffer.from(vectors.body)): RawCallback {
  const headers = {
    'Content-Type': 'application/json',
    'Wechatpay-Timestamp': vectors.at,
    'Wechatpay-Nonce': vectors.nonce,
    'Wechatpay-Signature': vectors.signatureByCertificate,
    'Wechatpay-Serial': vectors.serial,
    ...over,
  };
  return { method: 'POST', targetUri: 'https://gateway.example/callbacks/wechat_pay', headers, body };
}

const judged = (callback: RawCallback, settings: object = BY_CERTIFICATE, at = AT): Promise<Verdict> =>
  opened(settings, at).callbacks.verify(callback);

describe('signatures made elsewhere', () => {
  const byPublicKey = told({
    'Wechatpay-Serial': vectors.publicKeyId,
    'Wechatpay-Signature': vectors.signatureByPublicKey,
    'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
  });

  test('a notification signed by a platform certificate, or by a public key', async () => {
    expect(await judged(told())).toEqual({ verified: true });
    expect(await judged(byPublicKey, BY_PUBLIC_KEY)).toEqual({ verified: true });
  });

  test('both kinds of keys count while they change; alone, each knows only its own', async () => {
    const both = { ...BY_CERTIFICATE, platformKeys: [...BY_CERTIFICATE.platformKeys, ...BY_PUBLIC_KEY.platformKeys] };
    expect(await judged(told(), both)).toEqual({ verified: true });
    expect(await judged(byPublicKey, both)).toEqual({ verified: true });
    expect(await judged(told(), BY_PUBLIC_KEY)).toMatchObject({ fault: 'key_unknown' });
    expect(await judged(byPublicKey)).toMatchObject({ fault: 'key_unknown' });
  });

  test('what it says is read with the APIv3 key: the sum of the order, not what the payer paid after vouchers', () => {
    const { callbacks } = opened(BY_CERTIFICATE);
    expect(callbacks.eventId(Buffer.from(vectors.body))).toBe('EV-2018022511223320873');
    expect(callbacks.read(Buffer.from(vectors.body))).toEqual({
      eventId: 'EV-2018022511223320873',
      occurredAt: new Date('2026-11-22T04:04:06.000Z'),
      type: 'debit',
      orderNo: '2611224321500731004201',
      answer: {
        outcome: 'succeeded',
        orderNo: '2611224321500731004201',
        providerTxnId: '4200002345202611229876543210',
        amount: 5000n,
        currency: 'CNY',
        businessDate: '2026-11-22',
        completedAt: new Date('2026-11-22T04:04:05.000Z'),
      },
    });
  });

  test.each<[string, RawCallback, string]>([
    ['one byte of the body', told({}, Buffer.from(vectors.body.replace('支付成功', '支付失败'))), 'signature_invalid'],
    [
      'another time inside the window',
      told({ 'Wechatpay-Timestamp': `${Number(vectors.at) + 1}` }),
      'signature_invalid',
    ],
    ['another nonce', told({ 'Wechatpay-Nonce': 'x' }), 'signature_invalid'],
    ['a signature of nothing', told({ 'Wechatpay-Signature': 'AAAA' }), 'signature_invalid'],
    ['a signature that is no base64', told({ 'Wechatpay-Signature': '!' }), 'signature_invalid'],
    ['the other key’s signature', told({ 'Wechatpay-Signature': vectors.signatureByPublicKey }), 'signature_invalid'],
    [
      'a signature with more text',
      told({ 'Wechatpay-Signature': `${vectors.signatureByCertificate} ` }),
      'signature_invalid',
    ],
    ['an empty body', told({}, Buffer.alloc(0)), 'signature_invalid'],
    ['no signature', told({ 'Wechatpay-Signature': undefined }), 'signature_missing'],
    ['no time', told({ 'Wechatpay-Timestamp': '' }), 'signature_missing'],
    ['no serial', told({ 'Wechatpay-Serial': undefined }), 'signature_missing'],
    ['an unknown serial', told({ 'Wechatpay-Serial': '5157F09E' }), 'key_unknown'],
    ['SM2 asked for', told({ 'Wechatpay-Signature-Type': 'WECHATPAY2-SM2-WITH-SM3' }), 'algorithm_refused'],
    ['an empty type', told({ 'Wechatpay-Signature-Type': '' }), 'algorithm_refused'],
    ['two signatures', told({ 'Wechatpay-Signature': [vectors.signatureByCertificate, 'x'] }), 'parameter_twice'],
    ['two nonces joined', told({ 'Wechatpay-Nonce': `${vectors.nonce}, x` }), 'parameter_twice'],
    ['two names in two cases', told({ 'wechatpay-serial': vectors.serial }), 'parameter_twice'],
    ['GBK', told({ 'Content-Type': 'application/json; charset=GBK' }), 'charset_refused'],
    ['bytes that are no UTF-8', told({}, Buffer.from([0xff, 0xfe, 0x7b])), 'charset_refused'],
    ['a time that is no number', told({ 'Wechatpay-Timestamp': '1.795e9' }), 'malformed'],
  ])('%s: refused', async (_, callback, fault) => {
    expect(await judged(callback)).toMatchObject({ verified: false, fault });
  });

  test('the window is five minutes in both directions, the fifth not included', async () => {
    expect(await judged(told(), BY_CERTIFICATE, AT + 5 * MINUTE - 1)).toEqual({ verified: true });
    expect(await judged(told(), BY_CERTIFICATE, AT - 5 * MINUTE + 1)).toEqual({ verified: true });
    expect(await judged(told(), BY_CERTIFICATE, AT + 5 * MINUTE)).toMatchObject({ fault: 'stale' });
    expect(await judged(told(), BY_CERTIFICATE, AT - 5 * MINUTE)).toMatchObject({ fault: 'stale' });
  });

  test('another APIv3 key opens nothing: refused, and not taken for stored; a former one still opens', async () => {
    const other = { ...BY_CERTIFICATE, apiV3Key: 'x'.repeat(32) };
    expect(await judged(told(), other)).toMatchObject({ verified: false, fault: 'key_unknown' });
    expect(opened(other).callbacks.eventId(Buffer.from(vectors.body))).toBeNull();
    expect(() => opened(other).callbacks.read(Buffer.from(vectors.body))).toThrow('does not open');
    const changed = { ...other, formerApiV3Keys: [vectors.apiV3Key] };
    expect(await judged(told(), changed)).toEqual({ verified: true });
  });

  test('without an APIv3 key the signature can be checked, but nothing is taken for stored', async () => {
    const bare = { platformKeys: BY_CERTIFICATE.platformKeys };
    expect(await judged(told(), bare)).toEqual({ verified: true });
    expect(opened(bare).callbacks.eventId(Buffer.from(vectors.body))).toBeNull();
  });

  test('a notification about another merchant is not ours', async () => {
    expect(await judged(told(), { ...BY_CERTIFICATE, mchid: '1900000109' })).toEqual({ verified: true });
    expect(await judged(told(), { ...BY_CERTIFICATE, mchid: '1900000110' })).toMatchObject({ verified: false });
  });

  test.each([
    ['over', -2 * 86_400_000, -1_000],
    ['not yet begun', 1_000_000, 86_400_000],
  ])('a certificate whose time is %s signs nothing', async (_, from, to) => {
    const body = Buffer.from('{}');
    const serial = '71AA';
    const { their } = PLAYED_KEYS;
    const headers = signedHeaders(body, { serial, key: their });
    const settings = { platformKeys: [{ certificatePem: certificateOf(their, serial, from, to) }] };
    expect(await judged({ ...told(), headers, body }, settings, Date.now())).toMatchObject({
      fault: 'certificate_untrusted',
    });
  });

  test('from keys alone nobody is asked: what is unknown stays unknown', async () => {
    const around = { provider: 'wechat_pay', callbackUrl: '', now: () => new Date(AT) } as never;
    const callbacks = definition.openCallbacks?.(BY_CERTIFICATE, around);
    expect(await callbacks?.verify(told())).toEqual({ verified: true });
    expect(callbacks?.eventId(Buffer.from(vectors.body))).toBe('EV-2018022511223320873');
    expect(await callbacks?.verify(told({ 'Wechatpay-Serial': '5157F09E' }))).toMatchObject({ fault: 'key_unknown' });
    expect(() => definition.openCallbacks?.({ apiv3key: 'misspelt' }, around)).toThrow();
  });

  test('settings that do not fit name the member, never its value', () => {
    const wrong = { platformKeys: [{ serial: 'ABCD', certificatePem: vectors.certificatePem }] };
    expect(() => opened(wrong)).toThrow('another serial');
    expect(() => opened({ platformKeys: [{ publicKeyPem: vectors.publicKeyPem }] })).toThrow('PUB_KEY_ID_');
    expect(() => opened({ merchantPrivateKeyPem: '-----BEGIN PRIVATE KEY-----' })).toThrow('mchid is missing');
    expect(definition.settings.safeParse({ apiV3Key: 'short' }).success).toBe(false);
  });
});

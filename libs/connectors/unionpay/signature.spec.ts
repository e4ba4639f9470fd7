import { createHash, createSign } from 'node:crypto';
import { parseAnswer, parseForm, type Fields } from './fields';
import { RSA, SM2, type Authority } from './played-unionpay';
import { definition } from './index';
import { signedText, verifyFields } from './signature';
import { Trust, type TrustSettings } from './trust';
import vectors from './vectors.json';
import { platformFields, type WireFields } from './wire';

const trust = (own: Authority, over: Partial<TrustSettings> = {}): Trust =>
  new Trust({
    rootCertificatesPem: [own.rootPem],
    intermediateCertificatesPem: [own.middlePem],
    signingCertificatesPem: [],
    expectedNames: ['中国银联股份有限公司'],
    certIds: [],
    ...over,
  });
const fieldsOf = (own: Authority, over: WireFields = {}, signer = own.signer): Fields =>
  new Map(
    Object.entries(platformFields({ merId: '777290058110048', orderId: '20261122', respCode: '00' }, signer, over)),
  );
const judge = (fields: Fields, own: Authority = RSA, over: Partial<TrustSettings> = {}, now = new Date()) =>
  verifyFields(fields, own.method, trust(own, over), now);
const changed = (fields: Fields, over: Record<string, string>): Fields => new Map([...fields, ...Object.entries(over)]);

/** Messages of UnionPay's test system that stand in public places. */
describe('messages that UnionPay signed', () => {
  const nobody = { rootCertificatesPem: [], intermediateCertificatesPem: [], certIds: [] };
  test.each([
    ['an answer to a query', parseAnswer(Buffer.from(vectors.query)), '2024-01-05', '中国银联股份有限公司'],
    ['an answer to a refund', parseAnswer(Buffer.from(vectors.refund)), '2024-01-05', '中国银联股份有限公司'],
    ['a notification', parseForm(Buffer.from(vectors.notice)), '2018-07-26', '00040000:SIGN'],
  ])('%s', (_what, fields, day, name) => {
    const pinned = new Trust({
      ...nobody,
      signingCertificatesPem: [fields.get('signPubKeyCert') ?? ''],
      expectedNames: [name],
    });
    const at = new Date(`${day}T12:00:00+08:00`);
    expect(verifyFields(fields, '01', pinned, at)).toEqual({ verified: true });
    expect(verifyFields(changed(fields, { txnAmt: '2' }), '01', pinned, at)).toMatchObject({
      verified: false,
      fault: 'signature_invalid',
    });
    expect(verifyFields(fields, '01', pinned, new Date('2026-11-22'))).toMatchObject({
      fault: 'certificate_untrusted',
    });
    const strangers = trust(RSA);
    expect(verifyFields(fields, '01', strangers, at)).toMatchObject({ fault: 'certificate_untrusted' });
  });

  test('through the definition, from settings as a file gives them', async () => {
    const pem = parseForm(Buffer.from(vectors.notice)).get('signPubKeyCert');
    const given = definition.settings.parse({ signingCertificatesPem: [pem], certIds: ['69026276696'] });
    const around = {
      provider: 'unionpay',
      callbackUrl: 'https://g.example',
      now: () => new Date('2018-07-26T04:00:00Z'),
    };
    const { callbacks } = definition.open(given, around as Parameters<typeof definition.open>[1]);
    const raw = { method: 'POST', targetUri: 'https://g.example', headers: {}, body: Buffer.from(vectors.notice) };
    expect(await callbacks.verify(raw)).toEqual({ verified: true });
    expect(callbacks.eventId(raw.body)).toBe('01.201807251814000000175473.20180726100232.00');
    expect(callbacks.read(raw.body)).toMatchObject({
      type: 'debit',
      orderNo: '201807251814000000175473',
      answer: {
        outcome: 'succeeded',
        amount: 136n,
        currency: 'CNY',
        providerTxnId: '951807261002324791038',
        businessDate: '2018-07-26',
        completedAt: new Date('2018-07-26T10:02:32+08:00'),
      },
    });
  });
});

describe('what is signed', () => {
  test('sorted by name, without the signature and without fields that are empty', () => {
    const fields = new Map([
      ['b', '2'],
      ['signature', 'x'],
      ['a', '1'],
      ['B', '0'],
      ['c', ''],
    ]);
    expect(signedText(fields)).toBe('B=0&a=1&b=2');
  });

  test('the hash in lower-case hex is what RSA signs', () => {
    const text = 'encoding=UTF-8&respCode=00&signMethod=01&signPubKeyCert=PEM&version=5.1.0';
    const plain = text.replace('PEM', RSA.signer.certificatePem);
    const hex = createHash('sha256').update(plain).digest('hex');
    const signature = createSign('RSA-SHA256').update(hex).sign(RSA.their, 'base64');
    const fields = new Map(
      plain.split('&').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
    expect(judge(changed(fields, { signature }))).toEqual({ verified: true });
    expect(judge(changed(fields, { signature, extra: '' }))).toEqual({ verified: true });
    const over = createSign('RSA-SHA256').update(plain).sign(RSA.their, 'base64');
    expect(judge(changed(fields, { signature: over }))).toMatchObject({ fault: 'signature_invalid' });
  });

  test('a field that was signed empty', () => {
    expect(judge(fieldsOf(RSA, { reserved: '' }))).toEqual({ verified: true });
  });
});

describe.each([
  ['01', RSA],
  ['21', SM2],
] as const)('method %s', (_method, own) => {
  const year = 365 * 86_400_000;
  const at = (by: number) => new Date(Date.now() + by);
  const signedBy = (certificatePem: string, key = own.their): Fields =>
    fieldsOf(own, {}, { certificatePem, key, method: own.method });

  test('good as it is', () => {
    expect(judge(fieldsOf(own), own)).toEqual({ verified: true });
  });

  test.each<[string, () => Fields, string, Partial<TrustSettings>?, Date?]>([
    ['an altered field', () => changed(fieldsOf(own), { respCode: '01' }), 'signature_invalid'],
    ['a field more', () => changed(fieldsOf(own), { txnAmt: '1' }), 'signature_invalid'],
    ['no signature', () => changed(fieldsOf(own), { signature: '' }), 'signature_missing'],
    ['a signature of another key', () => fieldsOf(own, {}, { ...own.signer, key: own.stranger }), 'signature_invalid'],
    [
      'base64 written otherwise',
      () => changed(fieldsOf(own), { signature: `${fieldsOf(own).get('signature')}=` }),
      'signature_invalid',
    ],
    ['an older version', () => fieldsOf(own, { version: '5.0.0' }), 'algorithm_refused'],
    ['a hash with a secret', () => fieldsOf(own, { signMethod: '11' }), 'algorithm_refused'],
    ['the other method', () => fieldsOf(own, { signMethod: own.method === '01' ? '21' : '01' }), 'algorithm_refused'],
    ['GBK', () => fieldsOf(own, { encoding: 'GBK' }), 'charset_refused'],
    ['no certificate', () => fieldsOf(own, { signPubKeyCert: '' }), 'key_unknown'],
    ['no certificate at all', () => fieldsOf(own, { signPubKeyCert: 'abc' }), 'malformed'],
    [
      'a certificate that signs itself',
      () => signedBy(own.issue({ key: own.stranger, issuer: { name: 'x', key: own.stranger } }), own.stranger),
      'certificate_untrusted',
    ],
    [
      'an issuer of the same name',
      () =>
        signedBy(own.issue({ key: own.stranger, issuer: { name: 'Played OCA1', key: own.stranger } }), own.stranger),
      'certificate_untrusted',
    ],
    [
      'issued by one that must not issue',
      () => signedBy(own.issue({ key: own.stranger, issuer: { name: 'leaf', key: own.our } }), own.stranger),
      'certificate_untrusted',
      { intermediateCertificatesPem: [own.middlePem, own.issue({ name: 'leaf', key: own.our })] },
    ],
    ['somebody else’s certificate', () => signedBy(own.issue({ name: '041@1@别家公司@1' })), 'certificate_untrusted'],
    [
      'the name in another place',
      () => signedBy(own.issue({ name: '中国银联股份有限公司@1@x@1' })),
      'certificate_untrusted',
    ],
    ['a certificate that is over', () => signedBy(own.issue({ to: at(-1_000) })), 'certificate_untrusted'],
    ['a certificate that has not begun', () => signedBy(own.issue({ from: at(60_000) })), 'certificate_untrusted'],
    [
      'a chain that is over',
      () => signedBy(own.issue({ to: at(10 * year) })),
      'certificate_untrusted',
      {},
      at(2 * year),
    ],
    ['a number that is not listed', () => fieldsOf(own), 'key_unknown', { certIds: ['1'] }],
    ['nothing trusted', () => fieldsOf(own), 'key_unknown', { rootCertificatesPem: [] }],
    [
      'an intermediate that leads nowhere',
      () => fieldsOf(own),
      'certificate_untrusted',
      { rootCertificatesPem: [(own === RSA ? SM2 : RSA).rootPem] },
    ],
    ['no intermediate', () => fieldsOf(own), 'certificate_untrusted', { intermediateCertificatesPem: [] }],
  ])('%s is refused', (_what, fields, fault, over = {}, now = new Date()) => {
    expect(judge(fields(), own, over, now)).toMatchObject({ verified: false, fault });
  });

  test.each<[string, Partial<TrustSettings>]>([
    ['a listed number, whatever the name', { certIds: ['69678957876'], expectedNames: [] }],
    [
      'a signing certificate taken at its word',
      { rootCertificatesPem: [], signingCertificatesPem: [own.signer.certificatePem] },
    ],
    ['several certificates in one text', { intermediateCertificatesPem: [`${own.ourPem}\n${own.middlePem}\n`] }],
  ])('%s is trusted', (_what, over) => {
    expect(judge(fieldsOf(own), own, over)).toEqual({ verified: true });
  });
});

describe('settings', () => {
  const opened = (over: object) => () => {
    const given = definition.settings.parse({
      merId: '777290058110048',
      merchantPrivateKeyPem: RSA.our.export({ type: 'pkcs8', format: 'pem' }),
      merchantCertificatePem: RSA.ourPem,
      ...over,
    });
    const around = { provider: 'u', callbackUrl: 'https://g.example', now: () => new Date() };
    definition.open(given, around as Parameters<typeof definition.open>[1]);
  };
  test.each([
    ['no merchant number', { merId: undefined }, 'merId is missing'],
    ['no certificate', { merchantCertificatePem: undefined }, 'merchantCertificatePem is missing'],
    ['a certificate of another key', { merchantCertificatePem: RSA.middlePem }, 'merchantCertificatePem is not'],
    ['a key of another method', { signMethod: '21' }, 'not one of SM2'],
    ['a root that is none', { rootCertificatesPem: ['-----BEGIN CERTIFICATE-----'] }, 'no certificate'],
    ['a name nobody knows', { rootCert: 'x' }, 'rootCert'],
  ])('%s is told by name', (_what, over, message) => {
    expect(opened(over)).toThrow(message);
  });
});

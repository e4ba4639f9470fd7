import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from './main';

let dir: string;
let out: string[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rfc9421-'));
  out = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (out.push(String(text)), true));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => (out.push(String(text)), true));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

interface Told {
  verified: boolean;
  fault: string;
  detail: string;
  door: { admitted: boolean; fault: string; detail: string };
}
async function run(keys: unknown, message: object, now = '2021-04-20T02:07:56Z') {
  const file = (name: string, content: unknown): string => {
    writeFileSync(join(dir, name), JSON.stringify(content));
    return join(dir, name);
  };
  const files = ['--keys', file('keys.json', keys), file('request.json', message)];
  const code = await main(['verify', '--provider', 'partner', ...files, '--now', now, '--json']);
  return { code, report: code === 2 ? null : (JSON.parse(out.at(-1) ?? '') as Told) };
}

/** Keys of RFC 9421, Appendix B.1, as the RFC prints them. */
const PEM = (text: string): string => `-----BEGIN PUBLIC KEY-----\n${text}\n-----END PUBLIC KEY-----\n`;
const RSA_PSS = PEM(`MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB`);
const ECC = PEM(`MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==`);
const ED25519 = PEM('MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=');
const SECRET = 'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==';

const AS_PEM = [
  { keyId: 'test-key-rsa-pss', alg: 'rsa-pss-sha512', material: RSA_PSS },
  { keyId: 'test-key-ecc-p256', alg: 'ecdsa-p256-sha256', material: ECC },
  { keyId: 'test-key-ed25519', alg: 'ed25519', material: ED25519 },
  { keyId: 'test-shared-secret', alg: 'hmac-sha256', material: SECRET },
];
const jwkOf = (pem: string): object => createPublicKey(pem).export({ format: 'jwk' });
const AS_JWKS = {
  keys: [
    { ...jwkOf(RSA_PSS), kid: 'test-key-rsa-pss', alg: 'PS512' },
    { ...jwkOf(ECC), kid: 'test-key-ecc-p256' },
    { keyId: 'test-key-ed25519', jwk: jwkOf(ED25519) },
    { kty: 'oct', kid: 'test-shared-secret', alg: 'HS256', k: Buffer.from(SECRET, 'base64').toString('base64url') },
  ],
};
const WITHOUT_ALG = AS_PEM.map(({ keyId, material }) => ({ keyId, publicKeyPem: material }));

const signed = (label: string, covered: string, signature: string): Record<string, string> => ({
  'Signature-Input': `${label}=${covered}`,
  Signature: `${label}=:${signature}:`,
});
/** `test-request` of Appendix B.2. */
const asked = (...[label, covered, signature]: Parameters<typeof signed>) => ({
  method: 'POST',
  url: 'https://example.com/foo?param=Value&Pet=dog',
  headers: {
    Host: 'example.com',
    Date: 'Tue, 20 Apr 2021 02:07:55 GMT',
    'Content-Type': 'application/json',
    'Content-Digest':
      'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
    'Content-Length': '18',
    ...signed(label, covered, signature),
  } as Record<string, string>,
  body: '{"hello": "world"}',
});

const B21 = asked(
  'sig-b21',
  '();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
  'd2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==',
);
const B22 = asked(
  'sig-b22',
  '("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example"',
  'LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==',
);
const B23 = asked(
  'sig-b23',
  '("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"',
  'bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==',
);
/** `test-response`. */
const B24 = {
  status: 200,
  headers: {
    Date: 'Tue, 20 Apr 2021 02:07:56 GMT',
    'Content-Type': 'application/json',
    'Content-Digest':
      'sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:',
    'Content-Length': '23',
    ...signed(
      'sig-b24',
      '("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"',
      'wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==',
    ),
  },
  body: '{"message": "good dog"}',
};
const B25 = asked(
  'sig-b25',
  '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
  'pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=',
);
const B26 = asked(
  'sig-b26',
  '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
  'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
);
/** A proxy that ended TLS signs what it passes on, with the client's certificate. */
const B3 = {
  method: 'POST',
  url: 'https://service.internal.example/foo?param=Value&Pet=dog',
  headers: {
    Host: 'service.internal.example',
    Date: 'Tue, 20 Apr 2021 02:07:55 GMT',
    'Content-Type': 'application/json',
    'Content-Length': '18',
    'Client-Cert':
      ':MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:',
    ...signed(
      'ttrp',
      '("@path" "@query" "@method" "@authority" "client-cert");created=1618884473;keyid="test-key-ecc-p256"',
      'xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==',
    ),
  } as Record<string, string>,
  body: '{"hello": "world"}',
};

const VECTORS = [
  ['B.2.1 minimal', B21],
  ['B.2.2 selective', B22],
  ['B.2.3 full', B23],
  ['B.2.4 a response', B24],
  ['B.2.5 HMAC', B25],
  ['B.2.6 Ed25519', B26],
  ['B.3 a proxy that ended TLS', B3],
] as const;

describe.each([
  ['PEM', AS_PEM],
  ['JWK set', AS_JWKS],
  ['PEM without alg', WITHOUT_ALG],
])('RFC 9421, Appendix B, keys as %s', (_form, keys) => {
  test.each(VECTORS)('%s verifies, and our own door would ask for more', async (_name, message) => {
    const { code, report } = await run(keys, message);
    expect([code, report?.verified, report?.fault]).toEqual([0, true, '']);
    expect(report?.door.admitted).toBe(false); // none covers method, target and digest, with a nonce
  });
});

/** The first character of the signature becomes another. */
function flipped<M extends { headers: Record<string, string> }>(message: M): M {
  const Signature = (message.headers['Signature'] ?? '').replace(
    /=:(.)/,
    (_all, one) => `=:${one === 'A' ? 'B' : 'A'}`,
  );
  return { ...message, headers: { ...message.headers, Signature } };
}

describe('fails closed', () => {
  test.each(VECTORS)('%s with one bit of its signature changed', async (_name, message) => {
    const { code, report } = await run(AS_PEM, flipped<{ headers: Record<string, string> }>(message));
    expect([code, report?.verified, report?.fault]).toEqual([1, false, 'signature_invalid']);
  });

  test.each(VECTORS)('%s a day later', async (_name, message) => {
    const { code, report } = await run(AS_PEM, message, '2021-04-21T02:07:56Z');
    expect([code, report?.fault]).toEqual([1, 'signature_expired']);
  });

  test.each(VECTORS)('%s under a key nobody has', async (_name, message) => {
    const { code, report } = await run([{ keyId: 'other', alg: 'ed25519', material: ED25519 }], message);
    expect([code, report?.fault]).toEqual([1, 'key_unknown']);
  });

  const headed = (more: Record<string, string>) => ({ ...B24, headers: { ...B24.headers, ...more } });
  test.each<[string, unknown, object, string, RegExp]>([
    ['another status', AS_PEM, { ...B24, status: 201 }, 'signature_invalid', /does not verify/],
    ['another body', AS_PEM, { ...B24, body: '{"message": "bad dog"}' }, 'digest_mismatch', /Content-Digest/],
    ['another type', AS_PEM, headed({ 'Content-Type': 'text/plain' }), 'signature_invalid', /does not verify/],
    [
      'a response that was signed with the wording of a request',
      AS_PEM,
      { ...B26, status: 200 },
      'signature_invalid',
      /@method is not part of a response/,
    ],
    [
      '`req` of a request that is not told',
      AS_PEM,
      headed({ 'Signature-Input': 'sig-b24=("@method";req);created=1618884473;keyid="test-key-ecc-p256"' }),
      'signature_invalid',
      /needs the request/,
    ],
    [
      'a status that a request has not',
      AS_PEM,
      {
        ...B26,
        headers: {
          ...B26.headers,
          'Signature-Input': 'sig-b26=("@status");created=1618884473;keyid="test-key-ed25519"',
        },
      },
      'signature_invalid',
      /@status is not a component of a request/,
    ],
    [
      'an algorithm we take from nobody',
      [{ keyId: 'test-key-rsa-pss', alg: 'rsa-v1_5-sha256', material: RSA_PSS }],
      B23,
      'signature_invalid',
      /^rsa-v1_5-sha256 is not an algorithm we accept$/,
    ],
    [
      'the algorithm of another key, chosen by the message',
      AS_PEM,
      {
        ...B26,
        headers: { ...B26.headers, 'Signature-Input': `${B26.headers['Signature-Input'] ?? ''};alg="hmac-sha256"` },
      },
      'signature_invalid',
      /one of ed25519/,
    ],
  ])('%s', async (_name, keys, message, fault, detail) => {
    const { code, report } = await run(keys, message);
    expect([code, report?.verified, report?.fault]).toEqual([1, false, fault]);
    expect(report?.detail).toMatch(detail);
  });

  test('the request of an answer is read too', async () => {
    const answered = { ...B24, request: { method: 'POST', url: 'https://example.com/foo', headers: {}, body: '' } };
    expect((await run(AS_PEM, answered)).code).toBe(0);
    expect((await run(AS_PEM, { ...B24, request: { method: 'POST', url: 'nowhere' } })).code).toBe(2);
  });

  test('keys that are none are said to be none', async () => {
    const tell = async (keys: unknown) => [(await run(keys, B26)).code, out.join('')];
    expect(await tell({})).toEqual([2, expect.stringContaining('no list of')]);
    expect(await tell([{ alg: 'ed25519', material: ED25519 }])).toEqual([2, expect.stringContaining('no keyId')]);
    expect(await tell([{ keyId: 'k', jwk: { kty: 'EC', crv: 'P-256' } }])).toEqual([
      2,
      expect.stringContaining('The key k cannot be used'),
    ]);
  });
});

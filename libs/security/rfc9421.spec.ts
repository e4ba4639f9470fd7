import { createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto';
import { signBytes, verifyBytes, type SignatureAlgorithm } from './keys';
import { coveredOf, signatureBase, type RequestMessage } from './signature-base';
import { digestMatches } from './content-digest';
import { isInnerList, parseDictionary, serializeInnerList, type InnerList } from './structured-fields';

/** Keys and messages of RFC 9421, Appendix B. */
const ED25519_PUBLIC = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----`;
const ED25519_PRIVATE = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----`;
const RSA_PSS_PUBLIC = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----`;
const SHARED_SECRET = 'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==';

const DIGEST = 'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:';
const BODY = '{"hello": "world"}';
const TEST_REQUEST: RequestMessage = {
  method: 'POST',
  url: 'https://example.com/foo?param=Value&Pet=dog',
  headers: {
    Host: 'example.com',
    Date: 'Tue, 20 Apr 2021 02:07:55 GMT',
    'Content-Type': 'application/json',
    'Content-Digest': DIGEST,
    'Content-Length': '18',
  },
  body: BODY,
};

interface Vector {
  name: string;
  alg: Exclude<SignatureAlgorithm, 'sm2-sm3' | 'ecdsa-p256-sha256'>;
  input: string;
  base: string;
  signature: string;
}

const VECTORS: Vector[] = [
  {
    name: 'B.2.1 minimal',
    alg: 'rsa-pss-sha512',
    input: '();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
    base: '',
    signature:
      'd2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==',
  },
  {
    name: 'B.2.2 selective, with a query parameter',
    alg: 'rsa-pss-sha512',
    input:
      '("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example"',
    base: `"@authority": example.com\n"content-digest": ${DIGEST}\n"@query-param";name="Pet": dog\n`,
    signature:
      'LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==',
  },
  {
    name: 'B.2.5 HMAC',
    alg: 'hmac-sha256',
    input: '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
    base: '"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@authority": example.com\n"content-type": application/json\n',
    signature: 'pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=',
  },
  {
    name: 'B.2.6 Ed25519',
    alg: 'ed25519',
    input:
      '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    base: '"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@method": POST\n"@path": /foo\n"@authority": example.com\n"content-type": application/json\n"content-length": 18\n',
    signature: 'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
  },
];

const KEYS = {
  ed25519: createPublicKey(ED25519_PUBLIC),
  'rsa-pss-sha512': createPublicKey(RSA_PSS_PUBLIC),
  'hmac-sha256': createSecretKey(Buffer.from(SHARED_SECRET, 'base64')),
};

function covered(input: string): InnerList {
  const member = parseDictionary(`sig=${input}`).get('sig');
  if (!member || !isInnerList(member)) throw new Error('not an inner list');
  return member;
}

describe('RFC 9421 Appendix B', () => {
  test.each(VECTORS)('$name', ({ alg, input, base, signature }) => {
    const list = covered(input);
    expect(serializeInnerList(list)).toBe(input);
    const built = signatureBase(TEST_REQUEST, coveredOf(list));
    expect(built).toBe(`${base}"@signature-params": ${input}`);
    const key = { keyId: 'k', alg, key: KEYS[alg] };
    const bytes = Buffer.from(signature, 'base64');
    expect(verifyBytes(key, Buffer.from(built), bytes)).toBe(true);
    expect(verifyBytes(key, Buffer.from(`${built} `), bytes)).toBe(false);
    expect(verifyBytes(key, Buffer.from(built), bytes.subarray(1))).toBe(false);
  });

  test('the deterministic algorithms give the published signatures', () => {
    const sign = (alg: 'ed25519' | 'hmac-sha256') => {
      const vector = VECTORS.find((one) => one.alg === alg);
      const key = alg === 'ed25519' ? createPrivateKey(ED25519_PRIVATE) : KEYS[alg];
      const base = signatureBase(TEST_REQUEST, coveredOf(covered(vector?.input ?? '')));
      return [signBytes({ keyId: 'k', alg, key }, Buffer.from(base)).toString('base64'), vector?.signature];
    };
    expect(sign('ed25519')[0]).toBe(sign('ed25519')[1]);
    expect(sign('hmac-sha256')[0]).toBe(sign('hmac-sha256')[1]);
  });

  test('B.4: what a proxy may add does not break a signature, what it changes does', () => {
    const input = '("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"';
    const signature = 'ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==';
    const holds = (message: RequestMessage) =>
      verifyBytes(
        { keyId: 'k', alg: 'ed25519', key: KEYS.ed25519 },
        Buffer.from(signatureBase(message, coveredOf(covered(input)))),
        Buffer.from(signature, 'base64'),
      );
    const url = 'https://example.org/demo?name1=Value1&Name2=value2';
    expect(holds({ method: 'GET', url, headers: { accept: ['application/json', '*/*'] } })).toBe(true);
    expect(holds({ method: 'GET', url: `${url}&param=added`, headers: { accept: 'application/json, */*' } })).toBe(
      true,
    );
    expect(holds({ method: 'POST', url, headers: { accept: 'application/json, */*' } })).toBe(false);
    expect(holds({ method: 'GET', url, headers: { accept: '*/*, application/json' } })).toBe(false);
  });

  test('the digest of the test message (RFC 9530)', () => {
    expect(digestMatches(DIGEST, BODY)).toBe(true);
    expect(digestMatches('sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:', BODY)).toBe(true);
    expect(digestMatches(`${DIGEST}, sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:`, BODY)).toBe(true);
    expect(digestMatches(`${DIGEST}, sha-256=:AAAA:`, BODY)).toBe(false);
    expect(digestMatches('md5=:AAAA:', BODY)).toBe(false);
    expect(digestMatches(DIGEST, `${BODY} `)).toBe(false);
  });
});

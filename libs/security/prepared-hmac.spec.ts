import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { hmacOf, PreparedHmac } from './prepared-hmac';

const TEXTS = [
  '',
  'Hi There',
  'x'.repeat(63),
  '号码 13900000000 \u{1f600}',
  '\ud800',
  '号'.repeat(1_343),
  '号'.repeat(1_345),
  'x'.repeat(9_000),
];

test.each([1, 20, 32, 63, 64, 65, 131, 300])(
  'a key of %i bytes: what OpenSSL finds, for texts of every length',
  (length) => {
    const key = createSecretKey(randomBytes(length));
    const hmac = new PreparedHmac(key);
    for (const text of TEXTS) {
      const whole = createHmac('sha256', key).update(text).digest();
      for (const encoding of ['base64', 'hex', 'binary'] as const)
        expect(hmac.of(text, encoding)).toBe(whole.toString(encoding));
      expect(hmac.holds(text, whole)).toBe(true);
      expect(hmac.holds(`${text}.`, whole)).toBe(false);
      whole[31] = (whole[31] ?? 0) ^ 1;
      expect(hmac.holds(text, whole)).toBe(false);
      expect([hmac.holds(text, whole.subarray(1)), hmac.holds(text, Buffer.alloc(0))]).toEqual([false, false]);
    }
  },
);

test('RFC 4231, cases 1 and 6', () => {
  const of = (key: Buffer, text: string) => new PreparedHmac(createSecretKey(key)).of(text, 'hex');
  expect(of(Buffer.alloc(20, 0x0b), 'Hi There')).toBe(
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  );
  expect(of(Buffer.alloc(131, 0xaa), 'Test Using Larger Than Block-Size Key - Hash Key First')).toBe(
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  );
});

test('keys in turn do not meet, and each is prepared once', () => {
  const keys = [randomBytes(32), randomBytes(90), randomBytes(32)].map((key) => createSecretKey(key));
  for (let round = 0; round < 3; round++)
    for (const key of keys)
      expect(hmacOf(key).of(`t${round}`, 'hex')).toBe(createHmac('sha256', key).update(`t${round}`).digest('hex'));
  expect(keys.map(hmacOf)).toEqual(keys.map(hmacOf));
  const [first] = keys;
  expect(first && hmacOf(first)).toBe(first && hmacOf(first));
});

import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { ShortSeals } from './short-seals';

const key = createSecretKey(randomBytes(32));
const seals = new ShortSeals(key);
const bytes = (part = '') => Buffer.from(part, 'base64url');

/** What OpenSSL makes of the text under this nonce. */
function openssl(text: string, nonce: Buffer, label: Buffer): string {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(label);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return [nonce, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url')).join('.');
}

test.each([0, 1, 9, 15, 16, 17, 32, 40])('a label of %i bytes: byte for byte what OpenSSL seals', (length) => {
  const label = Buffer.alloc(length, 'k1:portal_session.msisdn');
  for (let n = 1; n <= 16; n++) {
    for (let round = 0; round < 8; round++) {
      const text = Array.from(randomBytes(n), (byte) => String.fromCharCode(byte & 0x7f)).join('');
      const sealed = seals.seal(text, label) ?? '';
      expect(sealed).toBe(openssl(text, bytes(sealed.split('.')[0]), label));
    }
  }
});

test('no nonce comes twice, over many pages', () => {
  const label = Buffer.from('k1:msisdn');
  const nonces = Array.from({ length: 1_000 }, () => seals.seal('13900000000', label)?.split('.')[0]);
  expect(new Set(nonces).size).toBe(1_000);
});

test('a change in any part is noticed when it is opened', () => {
  const label = Buffer.from('k1:msisdn');
  const parts = (seals.seal('13900000000', label) ?? '').split('.').map(bytes);
  const open = ([nonce, text, tag]: Buffer[], under = label) => {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce ?? '', { authTagLength: 16 });
    decipher.setAAD(under).setAuthTag(tag ?? Buffer.alloc(0));
    return decipher.update(text ?? Buffer.alloc(0)).toString() + decipher.final().toString();
  };
  expect(open(parts)).toBe('13900000000');
  expect(() => open(parts, Buffer.from('k1:other'))).toThrow('authenticate');
  for (const part of parts) {
    for (const at of part.keys()) {
      part[at] = (part[at] ?? 0) ^ 1;
      expect(() => open(parts)).toThrow('authenticate');
      part[at] = (part[at] ?? 0) ^ 1;
    }
  }
});

test.each(['', '12345678901234567', '王秀兰', 'caf\u00e9', '1390000000\u0080'])('%p is not for here', (text) =>
  expect(seals.seal(text, Buffer.from('k1:name'))).toBeUndefined(),
);

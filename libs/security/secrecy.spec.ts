import { maskAccount, maskName, maskNumber } from './masks';
import { signingKey, verifyingKey, newEd25519 } from './keys';
import { hashPassword, verifyPassword } from './password';
import { newSecrets, readSecrets } from './secrets';
import { newCode, sameText, tokenHash } from './tokens';
import { decodeBase32, newTotpSecret, stepAt, totpCode, totpStep } from './totp';
import { Vault, VaultError } from './vault';

describe('vault', () => {
  const key = (byte: number) => Buffer.alloc(32, byte);
  const vault = new Vault(new Map([['k1', key(1)]]), 'k1', key(9));

  test('opens what it sealed, under the same purpose only', () => {
    const sealed = vault.seal('13900000000', 'session');
    expect(sealed).not.toContain('139');
    expect(vault.open(sealed, 'session')).toBe('13900000000');
    expect(() => vault.open(sealed, 'agreement')).toThrow(VaultError);
    expect(vault.seal('13900000000', 'session')).not.toBe(sealed);
  });

  test.each([1, 2, 3])('a change in part %i is noticed', (part) => {
    const parts = vault.seal('王秀兰', 'name').split('.');
    parts[part] = `${(parts[part] ?? '').startsWith('A') ? 'B' : 'A'}${(parts[part] ?? '').slice(1)}`;
    expect(() => vault.open(parts.join('.'), 'name')).toThrow(VaultError);
  });

  test('a truncated tag is refused', () => {
    const sealed = vault.seal('x', 'name');
    expect(() => vault.open(sealed.slice(0, -6), 'name')).toThrow(VaultError);
  });

  test('keys rotate: old values stay readable, new ones use the new key', () => {
    const old = vault.seal('x', 'p');
    const next = new Vault(
      new Map([
        ['k1', key(1)],
        ['k2', key(2)],
      ]),
      'k2',
      key(9),
    );
    expect(next.open(old, 'p')).toBe('x');
    expect(next.seal('x', 'p').startsWith('k2.')).toBe(true);
    expect(next.blind('x', 'p')).toBe(vault.blind('x', 'p'));
    expect(next.blind('x', 'p')).not.toBe(next.blind('x', 'q'));
  });

  test('secrets files', () => {
    const secrets = readSecrets(JSON.stringify(newSecrets('yidian_2026')));
    expect(secrets.signingKey).toMatchObject({ keyId: 'yidian_2026', alg: 'ed25519' });
    expect(() => readSecrets('{')).toThrow('not JSON');
    expect(() => readSecrets('{"blindIndexKey":"x"}')).toThrow('lacks dataKeys.current');
  });
});

describe('keys', () => {
  test('a key that is not of its algorithm is refused', () => {
    const { publicKeyPem, privateKeyPem } = newEd25519();
    expect(() => verifyingKey('k', 'rsa-pss-sha512', publicKeyPem)).toThrow('not one of rsa-pss-sha512');
    expect(() => signingKey('k', 'rsa-pss-sha512', privateKeyPem)).toThrow('not one of');
    expect(() => verifyingKey('k', 'hmac-sha256', 'c2hvcnQ=')).toThrow('at least 32 bytes');
  });
});

test.each([
  ['13900000000', '139****0000'],
  ['1390', '****90'],
])('number %s → %s', (number, masked) => expect(maskNumber(number)).toBe(masked));

test.each([
  ['王秀兰', '王*兰'],
  ['李明', '李*'],
  ['欧阳娜娜', '欧**娜'],
  ['王', '*'],
])('name %s → %s', (name, masked) => expect(maskName(name)).toBe(masked));

test('account', () => {
  expect(maskAccount('6217000012348812', '甲银行')).toBe('甲银行 ··8812');
  expect(maskAccount('8812')).toBe('··8812');
});

test('passwords', async () => {
  const hash = await hashPassword('correct horse');
  expect(hash.startsWith('$argon2id$')).toBe(true);
  expect(await verifyPassword(hash, 'correct horse')).toBe(true);
  expect(await verifyPassword(hash, 'wrong')).toBe(false);
  expect(await verifyPassword(undefined, 'absent')).toBe(false);
});

describe('one-time codes', () => {
  // RFC 6238 Appendix B, SHA-1, eight digits; the secret is the ASCII text 12345678901234567890.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_234_567_890, '89005924'],
    [20_000_000_000, '65353130'],
  ])('RFC 6238 at %i', (seconds, code) => expect(totpCode(secret, seconds * 1000, 8)).toBe(code));

  test('accepted now, one step before and after, not beyond', () => {
    const at = 1_795_320_240_000;
    const step = stepAt(at);
    for (const [shift, expected] of [
      [-2, null],
      [-1, step - 1],
      [0, step],
      [1, step + 1],
      [2, null],
    ] as const) {
      expect(totpStep(secret, totpCode(secret, at + shift * 30_000), at)).toBe(expected);
    }
    expect(totpStep(secret, '', at)).toBeNull();
  });

  test('secrets are base 32', () => {
    expect(decodeBase32(secret).toString()).toBe('12345678901234567890');
    expect(decodeBase32(newTotpSecret())).toHaveLength(20);
    expect(() => decodeBase32('!!')).toThrow();
  });

  test('codes and tokens', () => {
    expect(newCode(6)).toMatch(/^\d{6}$/);
    expect(tokenHash('a')).toHaveLength(64);
    expect(sameText('abc', 'abc')).toBe(true);
    expect(sameText('abc', 'abcd')).toBe(false);
  });
});

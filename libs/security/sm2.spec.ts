import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPrivateKey } from 'node:crypto';
import { component, signMessage, signRequest, verifyRequest } from './index';
import { newEd25519, signBytes, signingKey, verifyBytes, verifyingKey } from './keys';
import { newSm2, sm2Sign, sm2Verify, sm3 } from './sm2';
import { sm2Point, sm2PrivateKey, sm2PublicKey, sm2PublicKeyOfSpki, sm2Secret } from './sm2-keys';

/** GB/T 32918.5-2017, annex A: the recommended curve, the default id, the message "message digest". */
const STANDARD = {
  secret: '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8',
  x: '09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020',
  y: 'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
  r: 'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3',
  s: 'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
};
const MESSAGE = Buffer.from('message digest');
const RAW = Buffer.from(STANDARD.r + STANDARD.s, 'hex');

describe('SM3', () => {
  test.each([
    ['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
    ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
  ])('GB/T 32905: %s', (text, hex) => {
    expect(sm3(Buffer.from(text)).toString('hex')).toBe(hex);
  });
});

describe('SM2', () => {
  const key = sm2PublicKey(`04${STANDARD.x}${STANDARD.y}`);

  test('verifies the signature of the standard, and nothing next to it', () => {
    expect(sm2Verify(MESSAGE, RAW, key)).toBe(true);
    expect(sm2Verify(Buffer.from('message digesT'), RAW, key)).toBe(false);
    expect(sm2Verify(MESSAGE, RAW, key, 'raw', '')).toBe(false);
    expect(sm2Verify(MESSAGE, RAW.subarray(1), key)).toBe(false);
    expect(sm2Verify(MESSAGE, Buffer.alloc(64), key)).toBe(false);
    expect(sm2Verify(MESSAGE, Buffer.alloc(0), key)).toBe(false);
  });

  test('signs so that the standard’s public key verifies, in both forms', () => {
    const secret = sm2PrivateKey(STANDARD.secret);
    expect(sm2Point(secret)).toBe(`04${STANDARD.x}${STANDARD.y}`);
    const raw = sm2Sign(MESSAGE, secret);
    expect(raw).toHaveLength(64);
    expect(sm2Verify(MESSAGE, raw, key)).toBe(true);
    const der = sm2Sign(MESSAGE, secret, 'der');
    expect(sm2Verify(MESSAGE, der, key, 'der')).toBe(true);
    expect(sm2Verify(MESSAGE, der, key)).toBe(false);
    expect(sm2Verify(MESSAGE, Buffer.concat([der, Buffer.from([0])]), key, 'der')).toBe(false);
  });

  test('keys: hex in its three forms, PEM, SPKI', () => {
    const parity = Number.parseInt(STANDARD.y.at(-1) ?? '', 16) % 2 === 0 ? '02' : '03';
    const forms = [`04${STANDARD.x}${STANDARD.y}`, STANDARD.x + STANDARD.y, parity + STANDARD.x.toUpperCase()];
    for (const form of forms) expect(sm2Point(sm2PublicKey(form))).toBe(forms[0]);
    const pem = key.export({ type: 'spki', format: 'pem' }).toString();
    expect(sm2Point(sm2PublicKey(pem))).toBe(forms[0]);
    expect(sm2Point(sm2PublicKeyOfSpki(key.export({ type: 'spki', format: 'der' })))).toBe(forms[0]);
    const pkcs8 = sm2PrivateKey(STANDARD.secret).export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(sm2Secret(sm2PrivateKey(pkcs8))).toBe(STANDARD.secret);
  });

  test.each([
    ['a point off the curve', () => sm2PublicKey(`04${STANDARD.x}${STANDARD.x}`)],
    ['too few digits', () => sm2PublicKey('04ab')],
    ['another curve', () => sm2PublicKey(newEd25519().publicKeyPem)],
    ['a secret of another curve', () => sm2PrivateKey(newEd25519().privateKeyPem)],
    ['a secret that is no number', () => sm2PrivateKey('zz')],
  ])('refused: %s', (_what, make) => {
    expect(make).toThrow();
  });

  test('OpenSSL with the same id verifies ours, and we its', () => {
    const dir = mkdtempSync(join(tmpdir(), 'sm2-'));
    const at = (name: string) => join(dir, name);
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
    const id = ['-pkeyopt', 'distid:1234567812345678'];
    try {
      openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:SM2', '-out', 'key.pem');
      openssl('pkey', '-in', 'key.pem', '-pubout', '-out', 'public.pem');
      writeFileSync(at('message'), MESSAGE);
      openssl(
        'pkeyutl',
        '-sign',
        '-inkey',
        'key.pem',
        '-in',
        'message',
        '-out',
        'its',
        '-rawin',
        '-digest',
        'sm3',
        ...id,
      );
      const theirs = sm2PublicKey(readFileSync(at('public.pem'), 'utf8'));
      expect(sm2Verify(MESSAGE, readFileSync(at('its')), theirs, 'der')).toBe(true);
      writeFileSync(at('ours'), sm2Sign(MESSAGE, sm2PrivateKey(readFileSync(at('key.pem'), 'utf8')), 'der'));
      const verify = ['pkeyutl', '-verify', '-pubin', '-inkey', 'public.pem', '-in', 'message', '-sigfile', 'ours'];
      expect(openssl(...verify, '-rawin', '-digest', 'sm3', ...id).toString()).toContain('Verified Successfully');
      openssl('req', '-x509', '-new', '-key', 'key.pem', '-subj', '/CN=x', '-sm3', '-out', 'certificate.pem');
      expect(sm2Point(sm2PublicKey(readFileSync(at('certificate.pem'), 'utf8')))).toBe(sm2Point(theirs));
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe('sm2-sm3 among the algorithms of RFC 9421', () => {
  const { privateKeyPem, publicKeyPem } = newSm2();
  const ours = signingKey('k1', 'sm2-sm3', privateKeyPem);
  const theirs = verifyingKey('k1', 'sm2-sm3', publicKeyPem);
  const request = { method: 'POST', url: 'https://h2h.example/v1/debits', headers: {}, body: '{"a":1}' };

  test('a request signed and verified; altered or signed by another key it is refused', async () => {
    const headers = signRequest(request, ours);
    await expect(verifyRequest({ ...request, headers }, () => theirs)).resolves.toMatchObject({ keyId: 'k1' });
    await expect(verifyRequest({ ...request, method: 'PUT', headers }, () => theirs)).rejects.toThrow('not verify');
    const stranger = verifyingKey('k1', 'sm2-sm3', newSm2().publicKeyPem);
    await expect(verifyRequest({ ...request, headers }, () => stranger)).rejects.toThrow('not verify');
  });

  test('a key of one algorithm is none of another', async () => {
    expect(() => signingKey('k', 'ed25519', privateKeyPem)).toThrow('not one of ed25519');
    expect(() => verifyingKey('k', 'sm2-sm3', newEd25519().publicKeyPem)).toThrow('not one of SM2');
    const claimed = signMessage({ ...request, body: '' }, [component('@method'), component('@target-uri')], ours);
    const other = { ...claimed, 'signature-input': `${claimed['signature-input']};alg="ed25519"` };
    await expect(verifyRequest({ ...request, body: '', headers: other }, () => theirs)).rejects.toThrow('sm2-sm3');
  });

  test('bytes, and the secret number in hex as the material', () => {
    const secret = sm2Secret(createPrivateKey(privateKeyPem));
    const signature = signBytes(signingKey('k', 'sm2-sm3', secret), MESSAGE);
    expect(signature).toHaveLength(64);
    expect(verifyBytes(theirs, MESSAGE, signature)).toBe(true);
    expect(verifyBytes(theirs, MESSAGE, Buffer.from('short'))).toBe(false);
  });
});

import { component, signMessage, signRequest, signResponse, type SignOptions } from './http-signature';
import { newEd25519, signingKey, verifyingKey } from './keys';
import type { RequestMessage } from './signature-base';
import { verifyRequest, verifyResponse } from './signature-check';
import { readClaim, SignatureError } from './signature-claim';

const pair = newEd25519();
const mine = signingKey('test_me', 'ed25519', pair.privateKeyPem);
const theirs = verifyingKey('test_me', 'ed25519', pair.publicKeyPem);
const find = (keyId: string) => (keyId === 'test_me' ? theirs : undefined);
const NOW = 1_795_320_240;
const post: RequestMessage = {
  method: 'POST',
  url: 'https://pay.example/v1/payments',
  headers: { 'Idempotency-Key': '"a-1"' },
  body: '{"amount":5000}',
};

function signed(request: RequestMessage, options: SignOptions = {}): RequestMessage {
  return { ...request, headers: { ...request.headers, ...signRequest(request, mine, { created: NOW, ...options }) } };
}

async function fault(request: RequestMessage, now = NOW, require: string[] = []): Promise<string> {
  try {
    await verifyRequest(request, find, { now: now * 1000, require });
    return 'accepted';
  } catch (error) {
    if (error instanceof SignatureError) return error.fault;
    throw error;
  }
}

describe('requests', () => {
  test('what we sign, we accept', async () => {
    const claim = await verifyRequest(signed(post), find, { now: NOW * 1000 });
    expect(claim).toMatchObject({ keyId: 'test_me', created: NOW });
    expect(claim.nonce.length).toBeGreaterThanOrEqual(16);
    const get: RequestMessage = { method: 'GET', url: 'https://pay.example/v1/payments?limit=2', headers: {} };
    expect(await fault(signed(get))).toBe('accepted');
  });

  const good = signed(post);
  const header = (name: string, value: string | undefined) => ({
    ...good,
    headers: { ...good.headers, [name]: value },
  });
  const without = (name: string) => {
    const { [name]: _gone, ...headers } = good.headers;
    return { ...good, headers };
  };
  test.each<[string, RequestMessage, number, string]>([
    ['another method', { ...good, method: 'PUT' }, NOW, 'signature_invalid'],
    ['another target', { ...good, url: `${good.url}?x=1` }, NOW, 'signature_invalid'],
    ['another body', { ...good, body: '{"amount":9000}' }, NOW, 'digest_mismatch'],
    ['a body where none was signed', { ...signed({ ...post, body: undefined }), body: 'x' }, NOW, 'signature_invalid'],
    ['another Idempotency-Key', header('Idempotency-Key', '"a-2"'), NOW, 'signature_invalid'],
    ['no digest', without('content-digest'), NOW, 'digest_mismatch'],
    ['no signature', without('signature'), NOW, 'signature_invalid'],
    ['no Signature-Input', without('signature-input'), NOW, 'signature_invalid'],
    ['an unreadable Signature-Input', header('signature-input', 'yd=("@method'), NOW, 'signature_invalid'],
    ['a truncated signature', header('signature', 'yd=:AAAA:'), NOW, 'signature_invalid'],
    ['at the end of the window', good, NOW + 300, 'accepted'],
    ['past the window', good, NOW + 301, 'signature_expired'],
    ['from the future', good, NOW - 301, 'signature_expired'],
    ['a short nonce', signed(post, { nonce: 'short' }), NOW, 'signature_invalid'],
  ])('%s', async (_name, request, now, expected) => {
    expect(await fault(request, now)).toBe(expected);
  });

  test('an Idempotency-Key that the signature does not cover is refused', async () => {
    const bare: RequestMessage = { ...post, headers: {} };
    const request = { ...bare, headers: { ...signed(bare).headers, 'Idempotency-Key': '"added"' } };
    expect(await fault(request)).toBe('signature_invalid');
  });

  test('an unknown key, and one whose algorithm the message wants to choose', async () => {
    const stranger = signRequest(post, { ...mine, keyId: 'nobody' }, { created: NOW });
    expect(await fault({ ...post, headers: { ...post.headers, ...stranger } })).toBe('key_unknown');
    const input = String(good.headers['signature-input']);
    expect(await fault(header('signature-input', `${input};alg="hmac-sha256"`))).toBe('signature_invalid');
  });

  test('the error carries the base we built, so that a test-mode caller can compare', async () => {
    const broken = header('signature', `yd=:${Buffer.alloc(64).toString('base64')}:`);
    const error: unknown = await verifyRequest(broken, find, { now: NOW * 1000 }).catch((e: unknown) => e);
    expect((error as SignatureError).base?.split('\n')[0]).toBe('"@method": POST');
  });

  test('further components may be demanded', async () => {
    expect(await fault(good, NOW, ['date'])).toBe('signature_invalid');
  });

  test('of several signatures the first with all we need is read', () => {
    const headers = {
      'signature-input': `proxy=("forwarded");created=1, ${String(good.headers['signature-input'])}`,
      signature: `proxy=:AAAA:, ${String(good.headers['signature'])}`,
    };
    expect(readClaim({ ...post, headers }).label).toBe('yd');
  });
});

describe('answers', () => {
  const request = signed(post);
  const answer = { status: 201, headers: {}, body: '{"state":"completed"}', request };
  const given = { ...answer, headers: signResponse(answer, mine, { created: NOW }) };
  const check = (response: typeof given) =>
    verifyResponse(response, find, { now: NOW * 1000 }).then(
      () => 'accepted',
      (error: unknown) => (error as SignatureError).fault,
    );

  test('an answer holds for its own request only', async () => {
    expect(await check(given)).toBe('accepted');
    expect(await check({ ...given, status: 200 })).toBe('signature_invalid');
    expect(await check({ ...given, body: '{}' })).toBe('digest_mismatch');
    expect(await check({ ...given, request: signed(post) })).toBe('signature_invalid');
  });

  test('a signature that leaves the request out is refused where we know the request', async () => {
    const loose = signMessage(answer, [component('@status')], mine, { created: NOW });
    expect(await check({ ...answer, headers: { ...given.headers, ...loose } })).toBe('signature_invalid');
  });

  test('an empty body is signed too', async () => {
    const empty = { status: 204, headers: {}, body: '', request };
    const headers = signResponse(empty, mine, { created: NOW });
    expect(await verifyResponse({ ...empty, headers }, find, { now: NOW * 1000 })).toMatchObject({ keyId: 'test_me' });
  });
});

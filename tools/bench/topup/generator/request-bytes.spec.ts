import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { newEd25519, verifyingKey, verifyRequest, type SignatureAlgorithm } from '@yidian/security';
import { orderOf } from '../orders';
import type { Door, OrderBook } from './door';
import { RequestWriter } from './request-bytes';
import { writeSlab } from './signed-slab';

const book: OrderBook = { run: 'b1', numbers: ['13501100010', '13502100010'], takenAt: '2026-11-22T04:00:00.000Z' };

function doorOf(alg: SignatureAlgorithm, material: string): Door {
  const key = { keyId: 'test_bench', alg, material };
  return { name: alg, host: '127.0.0.1', port: 4401, path: '/v1/payments', key, perRequest: 1 };
}

function readRequest(text: string) {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
  const [method = '', path = ''] = first.split(' ');
  return { method, url: `http://127.0.0.1:4401${path}`, headers, body };
}

const secret = randomBytes(32).toString('base64');
const edwards = newEd25519();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const rsaPrivate = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const rsaPublic = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const KEYS: [SignatureAlgorithm, string, string][] = [
  ['hmac-sha256', secret, secret],
  ['ed25519', edwards.privateKeyPem, edwards.publicKeyPem],
  ['rsa-pss-sha512', rsaPrivate, rsaPublic],
];

describe('requests of the load generator', () => {
  test.each(KEYS)('are signed as the platform verifies them: %s', async (alg, material, publicMaterial) => {
    const writer = new RequestWriter(doorOf(alg, material), book);
    const known = verifyingKey('test_bench', alg, publicMaterial);
    for (const text of [writer.post(7), writer.askByReference('b1-7')]) {
      const request = readRequest(text);
      const claim = await verifyRequest(request, (keyId) => (keyId === 'test_bench' ? known : undefined));
      expect(claim.keyId).toBe('test_bench');
    }
  });

  test('carry their order, their length and their key; the same order again differs only in its signature', () => {
    const writer = new RequestWriter(doorOf('hmac-sha256', secret), book);
    const request = readRequest(writer.post(7));
    const { reference, subscriber, amount } = orderOf('b1', 2, 7);
    const body = JSON.parse(request.body) as object;
    expect(body).toMatchObject({ reference, amount, number: book.numbers[subscriber], funding: { type: 'collected' } });
    expect(request.headers).toMatchObject({
      'Content-Length': String(request.body.length),
      'Idempotency-Key': `"${reference}"`,
    });
    const again = readRequest(writer.post(7));
    expect(again.body).toBe(request.body);
    expect(again.headers['Signature']).not.toBe(request.headers['Signature']);
  });

  test('lie one behind the other in a slab, bulk requests with their items', () => {
    const door = { ...doorOf('hmac-sha256', secret), perRequest: 3 };
    const { offsets, bytes } = writeSlab({ door, book, first: 30, requests: 200 });
    const requests = Array.from({ length: 200 }, (_, i) =>
      readRequest(Buffer.from(bytes.subarray(offsets[i], offsets[i + 1])).toString()),
    );
    const references = requests.flatMap(({ body }) =>
      (JSON.parse(body) as { items: { reference: string }[] }).items.map(({ reference }) => reference),
    );
    expect(references).toEqual(Array.from({ length: 600 }, (_, i) => `b1-${30 + i}`));
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newEd25519, signingKey, signRequest, verifyingKey, verifyRequest, verifyResponse } from '@yidian/security';
import Fastify, { type FastifyInstance } from 'fastify';
import { population } from '../demo/population';
import { keepRawBodies } from '../wire/signed-door';
import { openProvince } from './make-province';

const [ours, theirs] = [newEd25519(), newEd25519()];
const ourKey = signingKey('billing_2026', 'ed25519', ours.privateKeyPem);
const theirKey = verifyingKey('hunan_2026', 'ed25519', theirs.publicKeyPem);
const SEED = 'wire';

describe('a province on the wire', () => {
  let dir: string;
  let app: FastifyInstance;
  let url: string;
  let province: { stop(): void };
  const events: { body: string; signed: boolean }[] = [];
  const billing = createServer((request, response) => void take(request).then(() => response.end('success')));
  async function take(request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const message = { method: 'POST', url: `http://billing${request.url}`, headers: request.headers, body };
    const signed = await verifyRequest(message, () => theirKey).then(
      () => true,
      () => false,
    );
    events.push({ body: body.toString(), signed });
  }
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'province-'));
    await new Promise<void>((resolve) => billing.listen(0, '127.0.0.1', resolve));
    app = Fastify();
    keepRawBodies(app);
    const file = {
      ...{ branch: '430000', keyId: 'hunan_2026', privateKeyPem: theirs.privateKeyPem },
      billing: { keyId: 'billing_2026', publicKeyPem: ours.publicKeyPem },
    };
    const door = { url: `http://127.0.0.1:${(billing.address() as AddressInfo).port}`, publicUrl: 'http://billing' };
    province = openProvince(app, file, { dir, billing: door, seed: SEED });
    url = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    province.stop();
    await app.close();
    billing.closeAllConnections();
    billing.close();
    rmSync(dir, { recursive: true });
  });

  const call = async (method: string, path: string, body?: object, key = ourKey) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = { 'content-type': 'application/json' };
    const request = { method, url: `${url}/provinces/430000${path}`, headers, body: text };
    const signed = { ...headers, ...signRequest(request, key) };
    const answer = await fetch(request.url, { method, headers: signed, ...(text === undefined ? {} : { body: text }) });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const response = { status: answer.status, headers: Object.fromEntries(answer.headers), body: bytes };
    await verifyResponse({ ...response, request: { ...request, headers: signed } }, () => theirKey);
    return { status: answer.status, body: bytes.toString() };
  };
  const hunan = population(SEED).subscribers.find(({ branch }) => branch === '430000');

  test('answers are signed over their request; a stranger hears nothing', async () => {
    const asked = await call('POST', '/v1/numbers/query', { number: hunan?.msisdn });
    expect(JSON.parse(asked.body)).toMatchObject({ number: hunan?.msisdn, status: 'active' });
    const stranger = signingKey('billing_2026', 'ed25519', newEd25519().privateKeyPem);
    expect(await call('POST', '/v1/numbers/query', { number: hunan?.msisdn }, stranger)).toMatchObject({ status: 401 });
    expect((await call('GET', '/v1/credits/2026-01-01')).body).toContain('none_today');
  });

  test('what happens to a number is told, signed and as often as wished; a forged one is not signed by it', async () => {
    const tell = (wish: object) =>
      app.inject({
        method: 'POST',
        url: '/sandbox/api/provinces/430000/events',
        payload: { number: hunan?.msisdn, ...wish },
      });
    await tell({ type: 'suspended', reason: 'loss', copies: 2 });
    await tell({ type: 'closed', forged: true });
    for (const deadline = Date.now() + 3_000; events.length < 3 && Date.now() < deadline;)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const types = events.map(({ body, signed }) => [(JSON.parse(body) as { type: string }).type, signed]);
    expect(types.sort()).toEqual([
      ['closed', false],
      ['suspended', true],
      ['suspended', true],
    ]);
    const asked = await call('POST', '/v1/numbers/query', { number: hunan?.msisdn });
    expect(JSON.parse(asked.body)).toMatchObject({ status: 'suspended' });
  });
});

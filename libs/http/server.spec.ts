import { createLogger } from '@yidian/telemetry';
import { HttpException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { connect } from 'node:net';
import { ProblemFilter } from './problem-filter';
import { httpServer, type HttpServer } from './server';

let written = '';
const logger = createLogger({ service: 'test', destination: { write: (line: string) => (written += line) } });
const publicUrl = 'https://pay.example';

async function server(maxInFlight: number, routes: (instance: FastifyInstance) => void): Promise<HttpServer> {
  const made = httpServer({ publicUrl, logger, admission: { maxInFlight }, formsLeave: '/pay/' });
  const filter = new ProblemFilter(publicUrl, made.routes, logger);
  made.instance.setErrorHandler((error, request, reply) => {
    const http = { getRequest: () => request, getResponse: () => reply };
    filter.catch(error, { getType: () => 'http', switchToHttp: () => http } as never);
  });
  routes(made.instance);
  await made.instance.ready();
  return made;
}

test('past its capacity it refuses at once, says when to come again, and still answers health', async () => {
  let finish = (): void => undefined;
  const { instance } = await server(1, (routes) => {
    routes.get('/slow', () => new Promise((resolve) => (finish = () => resolve('done'))));
    routes.get('/health/live', () => 'ok');
  });
  const first = instance.inject('/slow');
  await new Promise((resolve) => setTimeout(resolve, 20));
  const refused = await instance.inject('/slow');
  expect(refused.statusCode).toBe(503);
  expect(refused.headers['retry-after']).toBe('1');
  expect(refused.json()).toMatchObject({
    code: 'busy',
    outcome: 'not_executed',
    request_id: refused.headers['request-id'],
  });
  expect((await instance.inject('/health/live')).statusCode).toBe(200);
  finish();
  expect((await first).body).toBe('done');
  await instance.close();
});

test('a fault of ours tells the caller nothing of our inside, and the log no SQL', async () => {
  const fault = Object.assign(new Error("Duplicate entry '13900000000' for key 'x'"), {
    name: 'QueryFailedError',
    query: 'INSERT INTO payment VALUES (13900000000)',
    code: 'ER_DUP_ENTRY',
  });
  const { instance } = await server(10, (routes) => {
    routes.post('/fails', () => Promise.reject(fault));
    routes.get('/teapot', () => Promise.reject(new HttpException('x', 418)));
  });
  const answer = await instance.inject({
    method: 'POST',
    url: '/fails',
    headers: { 'content-type': 'application/json' },
    payload: '{}',
  });
  expect(answer.statusCode).toBe(500);
  expect(answer.json()).toMatchObject({ code: 'internal', outcome: 'unknown', retry: 'ask_by_reference' });
  expect(answer.body + written).not.toMatch(/13900000000|INSERT|ER_DUP/);
  expect(written).toContain('internal error');
  expect(written).toContain(String(answer.headers['request-id']));
  expect((await instance.inject('/teapot')).json()).toMatchObject({ code: 'field_invalid' });
  await instance.close();
});

test('the exact bytes are kept, and the caller’s request id only for correlation', async () => {
  const { instance } = await server(10, (routes) => {
    routes.post('/echo', (request) => [request.rawBody?.toString(), request.requestId, request.callerRequestId]);
  });
  const headers = { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'theirs-1' };
  const answer = await instance.inject({ method: 'POST', url: '/echo', headers, payload: '{ "a" : 1.0 }' });
  expect(answer.json()).toEqual(['{ "a" : 1.0 }', answer.headers['request-id'], 'theirs-1']);
  expect(answer.headers['strict-transport-security']).toContain('max-age=');
  const odd = await instance.inject({
    method: 'POST',
    url: '/echo',
    headers: { ...headers, 'x-request-id': 'a\tb' },
    payload: '1',
  });
  expect(odd.json<unknown[]>()[2]).toBeNull();
  await instance.close();
});

test('a stop waits for nobody who has connected and asked for nothing', async () => {
  const { instance } = await server(10, (routes) => routes.get('/x', () => 'x'));
  const address = await instance.listen({ host: '127.0.0.1', port: 0 });
  const sockets = Array.from({ length: 3 }, () => connect(Number.parseInt(new URL(address).port, 10), '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  expect(await (await fetch(`${address}/x`)).text()).toBe('x');
  const started = Date.now();
  await instance.close();
  expect(Date.now() - started).toBeLessThan(20_000); // headers may take a minute
  for (const socket of sockets) socket.destroy(); // nobody reads them: they never see their end
});

test('a browser is told how to treat an answer, a program that signs its requests is not', async () => {
  const { instance } = await server(10, (routes) => routes.get('/x', () => 'x'));
  const page = (await instance.inject('/x')).headers;
  const signed = (await instance.inject({ url: '/x', headers: { 'signature-input': 'yd=();created=1' } })).headers;
  for (const name of ['content-security-policy', 'x-frame-options', 'referrer-policy']) {
    expect([name, name in page, name in signed]).toEqual([name, true, false]);
  }
  expect(page['content-security-policy']).toContain("form-action 'self';");
  const toPay = (await instance.inject('/pay/x')).headers;
  expect(toPay['content-security-policy']).toContain("form-action 'self' https:;");
  for (const headers of [page, signed]) {
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=31536000',
    });
  }
  await instance.close();
});

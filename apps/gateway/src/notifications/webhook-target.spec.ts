import { newEd25519, signingKey } from '@yidian/security';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WEBHOOK_WAITS, waitAfter } from './webhook-schedule';
import { WebhookPost } from './webhook-post';
import { faultOfTarget, isPublicAddress } from './webhook-target';

const key = signingKey('yidian_2026', 'ed25519', newEd25519().privateKeyPem);
let server: Server;
let port: number;
let asked: string[];
let serve: (path: string, response: import('node:http').ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    serve(request.url ?? '', response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => (asked = []));

test.each([
  ['8.8.8.8', true],
  ['127.0.0.1', false],
  ['10.1.2.3', false],
  ['172.31.255.255', false],
  ['172.32.0.1', true],
  ['192.168.0.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['2400:3200::1', true],
  ['::1', false],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::7f00:1', false],
  ['2002:7f00:1::', false],
  ['fd00::1', false],
  ['fe80::1', false],
])('%s is public: %s', (address, is) => expect(isPublicAddress(address)).toBe(is));

test.each([
  ['https://partner.example/hooks', null],
  ['http://partner.example/hooks', 'not an https address'],
  ['https://127.0.0.1/', 'not a public address'],
  ['https://2130706433/', 'not a public address'],
  ['https://0x7f.1/', 'not a public address'],
  ['https://[::1]/', 'not a public address'],
  ['https://[::ffff:10.0.0.1]/', 'not a public address'],
  ['https://user:pw@partner.example/', 'holds a user or password'],
  ['file:///etc/passwd', 'not an https address'],
  ['nothing', 'not an https address'],
])('in live mode %s: %s', (url, fault) => expect(faultOfTarget(url, true)).toBe(fault));

test('in live mode a name that leads inward is refused when the connection is made', async () => {
  serve = (_, response) => response.end();
  const post = new WebhookPost(key, true);
  const result = await post.send(`https://localhost:${port}/hooks`, '{}');
  await post.close();
  expect(result).toMatchObject({ status: null, note: expect.stringContaining('not public') as string });
  expect(asked).toEqual([]);
});

test('a redirect is an answer, not a way', async () => {
  serve = (_, response) => response.writeHead(302, { location: '/elsewhere' }).end('moved');
  const post = new WebhookPost(key, false);
  expect(await post.send(`http://127.0.0.1:${port}/hooks`, '{}')).toEqual({ status: 302, note: '', answer: 'moved' });
  await post.close();
  expect(asked).toEqual(['/hooks']);
});

test('the answer must begin in time; what follows may be slow, endless or no text', async () => {
  const post = new WebhookPost(key, false, 300);
  const url = `http://127.0.0.1:${port}/hooks`;
  serve = () => undefined;
  expect(await post.send(url, '{}')).toMatchObject({ status: null, note: 'no answer in time' });
  serve = (_, response) => response.writeHead(200).write('begun');
  expect(await post.send(url, '{}')).toEqual({ status: 200, note: '', answer: 'begun' });
  serve = (_, response) => response.writeHead(500).end('好'.repeat(100_000));
  expect(await post.send(url, '{}')).toEqual({ status: 500, note: '', answer: '好'.repeat(500) });
  serve = (_, response) => response.writeHead(400).end(Buffer.from([0, 1, 65, 255, 254, 66]));
  expect((await post.send(url, '{}')).answer).toBe(' A B');
  serve = (_, response) => void response.socket?.destroy();
  expect(await post.send(url, '{}')).toMatchObject({ status: null });
  await post.close();
});

test('sixteen tries over about a day, each wait left to chance by a fifth', () => {
  const waits = (random: number) => WEBHOOK_WAITS.map((_, made) => waitAfter(made + 1, () => random) ?? 0);
  const sum = (list: readonly number[]) => list.reduce((all, wait) => all + wait, 0) / 3_600_000;
  expect(WEBHOOK_WAITS).toHaveLength(15);
  expect(waitAfter(16)).toBeNull();
  expect([sum(waits(0)), sum(waits(0.5)), sum(waits(1))].map((hours) => Math.round(hours))).toEqual([19, 23, 28]);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newEd25519, publicJwk, signingKey, signResponse } from '@yidian/security';
import { NdjsonLog } from '../journal/ndjson-log';
import { GatewayKeys } from '../wire/our-keys';
import { SignedClient } from '../wire/signed-client';
import { Partner } from './partner';
import { PartnerBook } from './partner-book';

const DAY = '2026-11-22';
const NUMBER = '26112212000000000001';
const platformKey = signingKey('yidian_2026', 'ed25519', newEd25519().privateKeyPem);
const partnerKey = signingKey('test_demo_bank', 'ed25519', newEd25519().privateKeyPem);

/** What the platform does with the next requests: an answer, a lost answer, or one that somebody else signed. */
type Move = { status: number; body: object } | 'cut' | 'forged';
let dir: string;
let server: Server;
let url: string;
let moves: Move[];
let asked: { path: string; key: string; body: string }[];
let partner: Partner;

const openPartner = () => {
  const book = new PartnerBook(new NdjsonLog(join(dir, 'partner.ndjson')), DAY, 'C');
  const api = new SignedClient({ url, publicUrl: url }, partnerKey, new GatewayKeys(url), 2_000);
  return new Partner('demo_bank', book, api);
};
const paid = (state = 'completed') => ({ id: `pay_${NUMBER}`, number: NUMBER, state, final: true });

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'partner-'));
  moves = [];
  asked = [];
  server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  partner = openPartner();
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true });
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/.well-known/jwks.json')
    return void response.end(JSON.stringify({ keys: [publicJwk(platformKey)] }));
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  asked.push({ path: request.url ?? '', key: String(request.headers['idempotency-key']), body });
  const move = moves.shift() ?? 'cut';
  if (move === 'cut') return void request.socket.destroy();
  const [status, text] = move === 'forged' ? [201, JSON.stringify(paid())] : [move.status, JSON.stringify(move.body)];
  const key = move === 'forged' ? signingKey('yidian_2026', 'ed25519', newEd25519().privateKeyPem) : platformKey;
  const message = { method: request.method ?? '', url: url + (request.url ?? ''), headers: request.headers, body };
  response.writeHead(status, signResponse({ status, headers: {}, body: text, request: message }, key)).end(text);
}

const details = (text: string | null) =>
  (text ?? '')
    .split('\n')
    .filter((l) => l.startsWith('D'))
    .map((l) => l.split('|').slice(2, 8));

it('after lost, forged and failed answers sends the same key and body until one can be relied on', async () => {
  moves = ['cut', 'forged', { status: 503, body: { code: 'busy' } }, { status: 201, body: paid() }];
  const sale = await partner.collect('ref1', '13900000000', 5000n, 'T1');
  expect(sale).toMatchObject({ state: 'acknowledged', payment: { number: NUMBER } });
  expect(asked).toHaveLength(4);
  expect(new Set(asked.map(({ key, body }) => key + body)).size).toBe(1);
  await partner.collect('ref1', '13900000000', 5000n, 'T1');
  expect(asked).toHaveLength(4);
});

it('keeps a sale that was never answered through a kill, and asks with the same key afterwards', async () => {
  const lost = partner.api.post('/v1/payments', {}, 'x');
  await expect(lost).rejects.toThrow('no answer');
  partner.book.save({
    reference: 'ref2',
    number: '13900000000',
    amount: '5000',
    teller: 'T1',
    takenAt: '2026-11-22T04:00:00.000Z',
    date: DAY,
    txnId: partner.book.nextTxnId(),
    state: 'taken',
  });
  partner = openPartner();
  expect(details(partner.statement(DAY))).toEqual([['PAY', 'ref2', 'C2026112200000001', '', '5000', '19']]);
  moves = [{ status: 201, body: paid() }];
  await partner.collect('ref2', 'other', 1n, 'other');
  expect(JSON.parse(asked.at(-1)?.body ?? '')).toMatchObject({
    reference: 'ref2',
    number: '13900000000',
    amount: 5000,
  });
  expect(partner.book.nextTxnId()).toBe('C2026112200000002');
});

it('its statement shows what it holds: sales, a reversal as a pair, not what was refused or blocked unseen', async () => {
  moves = [
    { status: 201, body: paid() },
    { status: 201, body: { state: 'reversed', number: 'V1', note: null } },
    { status: 201, body: { ...paid('rejected') } },
    { status: 201, body: { state: 'reversed', number: 'V2', note: 'not_seen_blocked' } },
    { status: 409, body: { code: 'reference_reversed' } },
  ];
  await partner.collect('sold', '13900000000', 5000n, 'T1');
  await partner.reverse('sold', 'teller_timeout');
  expect((await partner.collect('refused', '13900000000', 5000n, 'T1')).state).toBe('refused');
  await partner.reverse('unseen', 'teller_timeout');
  expect((await partner.collect('unseen', '13900000000', 5000n, 'T1')).state).toBe('refused');
  const lines = details(partner.statement(DAY));
  expect(lines.map((l) => [l[0], l[1], l[4], l[5]])).toEqual([
    ['PAY', NUMBER, '5000', '0'],
    ['REVERSAL', 'V1', '-5000', '0'],
  ]);
});

import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { bankDirect } from '@yidian/connectors/bank-direct';
import type { Connector } from '@yidian/connectors/contract';
import { whole } from '@yidian/connectors/contract/played-file';
import { newEd25519, publicJwk, signingKey, verifyingKey } from '@yidian/security';
import { demoProfile } from '../demo/demo-profile';
import { makeServer } from '../server';
import { makeWorld, type World } from '../world';

/** The real bank over real HTTP, spoken to by the connector the platform uses, calling back at a door that stores. */
let signal: AbortSignal;
let dir: string;
let platform: Server;
let callbacks: { url: string; headers: NodeJS.Dict<string | string[]>; body: Buffer }[];
let answerNext: number[];
let world: World;
let app: FastifyInstance;
let bank: Connector;

beforeEach(async () => {
  signal = AbortSignal.timeout(20_000);
  dir = mkdtempSync(join(tmpdir(), 'wire-'));
  callbacks = [];
  answerNext = [];
  const ours = signingKey('yidian_2026', 'ed25519', newEd25519().privateKeyPem);
  platform = createServer((request, response) => {
    if (request.url === '/.well-known/jwks.json') return void response.end(JSON.stringify({ keys: [publicJwk(ours)] }));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      callbacks.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
      response.statusCode = answerNext.shift() ?? 200;
      response.end('success');
    });
  });
  const gatewayUrl = await listening(platform);
  const { demoFile, profile } = await demoProfile({
    firstBusinessDate: '2026-11-22',
    sandboxUrl: 'http://x',
    seed: 's',
  });
  world = makeWorld(demoFile, { gatewayUrl, gatewayPublicUrl: 'http://platform.example', sandboxUrl: 'http://x', dir });
  app = makeServer(world);
  const baseUrl = `${await app.listen({ host: '127.0.0.1', port: 0 })}/providers/bank_a`;
  const [entry] = (profile as { providers: { settings: { theirKeys: { keyId: string; publicKeyPem: string }[] } }[] })
    .providers;
  const key = entry?.settings.theirKeys[0];
  const theirs = verifyingKey(key?.keyId ?? '', 'ed25519', key?.publicKeyPem ?? '');
  bank = bankDirect({ provider: 'bank_a', baseUrl, ourKey: ours, theirKeys: [theirs] });
});
afterEach(async () => {
  await bank.close();
  await app.close();
  world.stop();
  await new Promise((resolve) => platform.close(resolve));
  rmSync(dir, { recursive: true });
});

const listening = (server: Server): Promise<string> =>
  new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );

async function signed(): Promise<string> {
  const limits = { payment: 20_000n, day: 50_000n, month: 100_000n, currency: 'CNY' };
  const asked = {
    agreementNo: 'agr_1',
    numberMasked: '138****1234',
    blind: 'b',
    returnUrl: 'http://back.example/',
    limits,
  };
  const started = await bank.startAgreement(asked, signal);
  const path = started.outcome === 'started' ? new URL(started.signUrl).pathname : '';
  const page = await app.inject({ method: 'GET', url: path });
  expect(page.body).toContain('138****1234');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const pressed = await app.inject({ method: 'POST', url: path, headers, payload: 'answer=agree' });
  expect([pressed.statusCode, pressed.headers.location]).toEqual([303, 'http://back.example/']);
  const answer = await bank.queryAgreement({ agreementNo: 'agr_1', agreementRef: '' }, signal);
  return answer.outcome === 'active' ? answer.agreementRef : '';
}

const order = (orderNo: string, amount: bigint) => ({
  orderNo,
  amount,
  currency: 'CNY',
  orderedAt: new Date('2026-11-22T03:15:00Z'),
  providerTxnId: '',
});
const debit = (agreementRef: string, orderNo: string, amount: bigint, patience = signal) =>
  bank.debit({ ...order(orderNo, amount), agreementRef, orderNote: 'top-up' }, patience);

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !holds(); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
}

it('signs an agreement, debits under it, refunds, and hands out the day’s file', async () => {
  const ref = await signed();
  await until(() => callbacks.length === 1);
  expect(JSON.parse(callbacks[0]?.body.toString() ?? '')).toMatchObject({
    type: 'agreement.signed',
    data: { account_tail: '8812' },
  });
  expect(await debit(ref, '2611220000000000000001', 5000n)).toMatchObject({
    outcome: 'succeeded',
    businessDate: '2026-11-22',
  });
  expect(await debit(ref, '2611220000000000000002', 5001n)).toMatchObject({
    outcome: 'declined',
    reason: 'insufficient_funds',
  });
  await expect(debit(ref, '2611220000000000000003', 5003n, AbortSignal.timeout(300))).rejects.toThrow();
  expect(await bank.queryDebit(order('2611220000000000000003', 5003n), signal)).toMatchObject({
    outcome: 'succeeded',
  });
  const refund = { ...order('r1', 2000n), original: order('2611220000000000000001', 5000n), kind: 'refund' as const };
  expect(await bank.refund(refund, signal)).toMatchObject({ outcome: 'succeeded', amount: 2000n });
  expect(await whole(bank.fetchStatement('2026-11-22', signal))).toEqual({ state: 'not_ready' });
  world.bank.cut('2026-11-22');
  const file = await whole(bank.fetchStatement('2026-11-22', signal));
  expect(file.state === 'ready' && file.content.toString()).toContain('T|3|8003|60');
});

it('checks an account by a code, signs at its own counter, ends there, and lists all its agreements', async () => {
  const limits = { payment: 20_000n, day: 50_000n, month: 100_000n, currency: 'CNY' };
  const who = { account: '6222000012345678', holder: '王小兰', idNumber: '42010119800101123X', phone: '' };
  const asked = (agreementNo: string) => ({ agreementNo, numberMasked: '138****1234', blind: 'b', limits, ...who });
  expect(await bank.checkAccount({ ...asked('agr_x'), account: '622200000000' }, signal)).toMatchObject({
    outcome: 'declined',
  });
  expect(await bank.checkAccount(asked('agr_c'), signal)).toMatchObject({ outcome: 'code_sent' });
  const ref = { agreementNo: 'agr_c', agreementRef: '' };
  const code = world.bank.book.agreements.get('agr_c')?.code ?? '';
  expect(await bank.confirmAccount(ref, code === '000000' ? '1' : '000000', signal)).toEqual({ outcome: 'pending' });
  expect(await bank.confirmAccount(ref, code, signal)).toMatchObject({
    ...{ outcome: 'active', accountTail: '5678', verified: 'three_elements' },
  });
  await bank.checkAccount(asked('agr_w'), signal);
  const wrong = { agreementNo: 'agr_w', agreementRef: '' };
  for (const outcome of ['pending', 'pending', 'ended'])
    expect(await bank.confirmAccount(wrong, 'x', signal)).toEqual({ outcome });
  const before = callbacks.length;
  const made = await app.inject({
    method: 'POST',
    url: '/sandbox/api/bank/agreements',
    payload: { number: '13800001234' },
  });
  const { agreementNo: no } = made.json<{ agreementNo: string }>();
  await until(() => callbacks.length === before + 1);
  const event = bank.callbacks.read(Buffer.from(callbacks.at(-1)?.body ?? ''));
  expect(event).toMatchObject({ type: 'agreement', orderNo: no, offered: { number: '13800001234' } });
  await app.inject({ method: 'DELETE', url: `/sandbox/api/bank/agreements/${no}` });
  await until(() => callbacks.length === before + 2);
  const date = world.bank.date;
  expect(await bank.fetchAgreementFile(date, signal)).toEqual({ state: 'not_ready' });
  world.bank.cut(date);
  const file = await bank.fetchAgreementFile(date, signal);
  const text = file.state === 'ready' ? file.content.toString() : '';
  expect(text).toContain(`|agr_c|${world.bank.book.agreements.get('agr_c')?.agreementRef ?? ''}|active|5678|`);
  expect(text).toMatch(new RegExp(`\\|${no}\\|AR[0-9a-f]+\\|ended\\|`));
  expect(text).not.toContain('agr_w');
});

it('calls back until the platform has stored it, the same event each time, signed so that it verifies', async () => {
  const ref = await signed();
  await until(() => callbacks.length === 1);
  answerNext = [500, 200];
  await debit(ref, '2611220000000000000005', 5005n);
  await until(() => callbacks.length === 4 && world.courier.undelivered === 0);
  const [, ...about] = callbacks;
  expect(new Set(about.map(({ body }) => bank.callbacks.eventId(body))).size).toBe(1);
  for (const { url, headers, body } of about) {
    const targetUri = `${world.places.gatewayPublicUrl}${url}`;
    expect(await bank.callbacks.verify({ method: 'POST', targetUri, headers, body })).toEqual({ verified: true });
  }
});

it('sends a forged callback that does not verify', async () => {
  const ref = await signed();
  await until(() => callbacks.length === 1);
  await debit(ref, '2611220000000000000008', 5008n);
  await until(() => callbacks.length === 2);
  const { url = '', headers = {}, body = Buffer.alloc(0) } = callbacks[1] ?? {};
  const targetUri = `${world.places.gatewayPublicUrl}${url}`;
  expect(await bank.callbacks.verify({ method: 'POST', targetUri, headers, body })).toMatchObject({ verified: false });
});

it('lets nobody in without our signature', async () => {
  const url = '/providers/bank_a/v1/debits/query';
  const answer = await app.inject({ method: 'POST', url, payload: { attempt_no: 'A1' } });
  expect([answer.statusCode, answer.json()]).toEqual([401, expect.objectContaining({ code: 'signature_invalid' })]);
});

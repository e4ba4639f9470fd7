import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Connector, ProviderEvent, StatementLine } from '@yidian/connectors/contract';
import { whole } from '@yidian/connectors/contract/played-file';
import { definition, StripeBalance, StripePayout } from '@yidian/connectors/stripe';
import { bareSandbox, freePort, PlayedPlatform, until } from '../wire/played-platform';
import { openStripe } from './open-stripe';
import type { StripeWorld } from './stripe';

/** The sandbox's Stripe over real HTTP, spoken to by the connector that the platform uses. */
const DAY = '2026-11-22';
let dir: string;
let platform: PlayedPlatform;
let app: FastifyInstance;
let stripe: StripeWorld;
let connector: Connector;
const signal = AbortSignal.timeout(120_000);

function opened(over: object = {}): Connector {
  const settings = JSON.parse(readFileSync(join(dir, 'stripe.settings.json'), 'utf8')) as object;
  const around = {
    provider: 'stripe',
    callbackUrl: 'https://platform.example/callbacks/stripe',
    now: () => new Date(),
  };
  return definition.open(definition.settings.parse({ ...settings, ...over }), around as never);
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'stripe-'));
  platform = await PlayedPlatform.start({ text: 'stored' });
  await start();
  connector = opened();
});
afterEach(async () => {
  await connector.close();
  await stop();
  await platform.close();
  rmSync(dir, { recursive: true });
});

async function start(): Promise<void> {
  app = bareSandbox();
  const port = await freePort();
  const sandboxUrl = `http://127.0.0.1:${port}`;
  stripe = openStripe(app, { dir, seed: 's', firstDate: DAY, platform: platform.address, sandboxUrl });
  await app.listen({ host: '127.0.0.1', port });
}

async function stop(): Promise<void> {
  await app.close();
  stripe.stop();
}

/** What the platform has heard and believed. */
const heard = (): Promise<ProviderEvent[]> => platform.heard(connector);
const hears = (fits: (event: ProviderEvent) => boolean) => until(async () => (await heard()).find(fits));

async function press(url: string): Promise<void> {
  const { pathname } = new URL(url);
  expect((await app.inject({ method: 'GET', url: pathname })).statusCode).toBe(200);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const pressed = await app.inject({ method: 'POST', url: pathname, headers, payload: 'answer=yes' });
  expect(pressed.statusCode).toBe(303);
}

let attempts = 0;
const order = (amount: bigint) => ({
  orderNo: `26112200000000000${String(++attempts).padStart(5, '0')}`,
  amount,
  currency: 'CNY',
  orderedAt: new Date(),
  providerTxnId: '',
});
async function signed(agreementNo = 'agr_1'): Promise<string> {
  const limits = { payment: 20_000n, day: 50_000n, month: 100_000n, currency: 'CNY' };
  const asked = { agreementNo, numberMasked: '138****1234', blind: 'b', returnUrl: 'https://pay.example/', limits };
  const started = await connector.startAgreement(asked, signal);
  if (started.outcome !== 'started') throw new Error('not started');
  await press(started.signUrl);
  const answer = await connector.queryAgreement({ agreementNo, agreementRef: '' }, signal);
  expect(answer).toMatchObject({ outcome: 'active', accountTail: expect.stringMatching(/^\d{4}$/) });
  return answer.outcome === 'active' ? answer.agreementRef : '';
}
const debit = (agreementRef: string, one: ReturnType<typeof order>, patience = signal) =>
  connector.debit({ ...one, agreementRef, orderNote: '138****1234' }, patience);

it('signs, debits, refunds, unsigns; each is told by an event of its own', async () => {
  const ref = await signed();
  await hears((event) => event.type === 'agreement' && event.answer.outcome === 'active');
  const one = order(5000n);
  const taken = await debit(ref, one);
  expect(taken).toMatchObject({ outcome: 'succeeded', amount: 5000n, currency: 'CNY', businessDate: DAY });
  expect(await debit(ref, one)).toEqual(taken); // the same number takes the money once
  expect(stripe.book.intents.size).toBe(1);
  const providerTxnId = taken.outcome === 'succeeded' ? taken.providerTxnId : '';
  const refund = { ...order(2000n), original: { ...one, providerTxnId }, kind: 'refund' as const };
  expect(await connector.refund(refund, signal)).toMatchObject({ outcome: 'succeeded', amount: 2000n });
  expect(await connector.queryRefund(refund, signal)).toMatchObject({ outcome: 'succeeded' });
  expect(await connector.queryRefund({ ...refund, orderNo: 'R9' }, signal)).toEqual({ outcome: 'not_found' });
  const tooMuch = { ...order(4000n), original: refund.original, kind: 'refund' as const };
  expect(await connector.refund(tooMuch, signal)).toMatchObject({ outcome: 'declined' });
  expect(await connector.endAgreement({ agreementNo: 'agr_1', agreementRef: ref }, signal)).toEqual({
    outcome: 'ended',
  });
  expect(await debit(ref, order(5000n))).toMatchObject({ outcome: 'declined', reason: 'agreement_ended' });
  const ended = await hears((event) => event.type === 'agreement' && event.answer.outcome === 'ended');
  expect(ended).toMatchObject({ orderNo: 'agr_1' });
});

it('does by the fen of the amount what the partner guide says', async () => {
  const ref = await signed();
  expect(await debit(ref, order(5001n))).toMatchObject({ outcome: 'declined', reason: 'insufficient_funds' });
  expect(await debit(ref, order(5002n))).toMatchObject({ outcome: 'declined', reason: 'limit' });
  const lost = order(5003n);
  await expect(debit(ref, lost, AbortSignal.timeout(300))).rejects.toThrow();
  expect(await connector.queryDebit(lost, signal)).toMatchObject({ outcome: 'succeeded', amount: 5003n });
  const never = order(5004n);
  await expect(debit(ref, never, AbortSignal.timeout(300))).rejects.toThrow();
  expect(await connector.queryDebit(never, signal)).toEqual({ outcome: 'not_found' });
  const twice = order(5005n);
  platform.refuse = 1;
  expect(await debit(ref, twice)).toEqual({ outcome: 'pending' });
  await until(
    () =>
      platform.told.filter(({ body }) => body.includes(twice.orderNo)).length >= 3 && stripe.courier.undelivered === 0,
  );
  const about = (await heard()).filter((event) => event.orderNo === twice.orderNo);
  expect(new Set(about.map(({ eventId }) => eventId)).size).toBe(1);
  const wrong = await debit(ref, order(5007n));
  expect(wrong).toMatchObject({ outcome: 'succeeded', amount: 5107n }); // the wrapper around connectors compares
  const forged = order(5008n);
  expect(await debit(ref, forged)).toEqual({ outcome: 'pending' });
  const lie = await until(() => platform.told.find(({ body }) => body.includes(forged.orderNo)));
  expect(await connector.callbacks.verify(lie)).toMatchObject({ verified: false, fault: 'signature_invalid' });
});

it('faults are wished for: errors before and after, cut lines, silence, slow answers', async () => {
  const ref = await signed();
  const wish = async (behaviour: string, what = 'debit') => {
    const asked = { method: 'POST' as const, url: '/sandbox/api/stripe/faults', payload: { behaviour, what } };
    expect((await app.inject(asked)).statusCode).toBe(200);
  };
  const lost = async (behaviour: string) => {
    await wish(behaviour);
    const one = order(6000n);
    await expect(debit(ref, one)).rejects.toThrow();
    return one;
  };
  expect(await connector.queryDebit(await lost('error_before'), signal)).toEqual({ outcome: 'not_found' });
  expect(await connector.queryDebit(await lost('error_after'), signal)).toMatchObject({ outcome: 'succeeded' });
  const cut = await lost('cut_after');
  await expect(connector.queryDebit(cut, signal)).rejects.toThrow();
  expect(await connector.queryDebit(cut, signal)).toMatchObject({ outcome: 'succeeded' });
  await expect(connector.queryDebit(await lost('silent_until_statement'), signal)).rejects.toThrow();
  const paid = order(7000n);
  const taken = await debit(ref, paid);
  const original = { ...paid, providerTxnId: taken.outcome === 'succeeded' ? taken.providerTxnId : '' };
  await wish('error_after', 'refund');
  const refund = { ...order(7000n), original, kind: 'refund' as const };
  await expect(connector.refund(refund, signal)).rejects.toThrow();
  expect(await connector.queryRefund(refund, signal)).toMatchObject({ outcome: 'succeeded', amount: 7000n });
});

it('a cashier’s page is paid, closed, or paid although it was closed', async () => {
  const request = {
    presentation: 'redirect' as const,
    orderNote: 'x',
    expiresInSeconds: 900,
    returnUrl: 'https://pay.example/',
  };
  const open = async (one: ReturnType<typeof order>) => {
    const answer = await connector.openCashier({ ...one, ...request }, signal);
    expect(await connector.openCashier({ ...one, ...request }, signal)).toEqual(answer);
    return answer.outcome === 'opened' ? answer.payUrl : '';
  };
  const paid = order(5000n);
  const url = await open(paid);
  expect(await connector.queryDebit(paid, signal)).toEqual({ outcome: 'pending' });
  await press(url);
  expect(await connector.queryDebit(paid, signal)).toMatchObject({ outcome: 'succeeded', amount: 5000n });
  expect(await connector.closeCashier(paid, signal)).toMatchObject({ outcome: 'succeeded' });
  expect(await hears((event) => event.orderNo === paid.orderNo)).toMatchObject({ answer: { outcome: 'succeeded' } });
  const closed = order(5000n);
  const gone = await open(closed);
  expect(await connector.closeCashier(closed, signal)).toEqual({ outcome: 'closed' });
  await press(gone);
  expect(await connector.queryDebit(closed, signal)).toMatchObject({ outcome: 'not_executed' });
  expect(await connector.closeCashier(order(1n), signal)).toEqual({ outcome: 'not_found' });
});

it('what others do without asking: a refund by hand, a dispute, an account given up, a secret rolled', async () => {
  const ref = await signed();
  const one = order(5000n);
  await debit(ref, one);
  const lever = async (path: string, payload = {}) =>
    expect((await app.inject({ method: 'POST', url: `/sandbox/api/stripe/${path}`, payload })).statusCode).toBe(200);
  await lever('secret_roll');
  await lever(`orders/${one.orderNo}/refund`, { amount: '1000' });
  await lever(`orders/${one.orderNo}/dispute`);
  await lever(`accounts/${ref.split(':')[1]}/end`);
  const returned = await hears((event) => event.type === 'return');
  expect(returned).toMatchObject({ origTxnId: stripe.ofOrder(one.orderNo)?.id, answer: { amount: 5000n } });
  await hears((event) => event.type === 'agreement' && event.answer.outcome === 'ended');
  expect(await connector.queryAgreement({ agreementNo: 'agr_1', agreementRef: '' }, signal)).toEqual({
    outcome: 'ended',
  });
  const next = opened({ webhookSecrets: stripe.keys.webhookSecrets.slice(0, 1) });
  const last = await until(() => platform.told.findLast(({ body }) => body.includes('payment_method.detached')));
  expect(await next.callbacks.verify(last)).toEqual({ verified: true });
  expect(await connector.callbacks.verify(last)).toEqual({ verified: true });
  await next.close();
});

it('the report of a day: not ready, then the day with what was put into it, the same each time', async () => {
  const ref = await signed();
  const [one, two] = [order(5000n), order(8000n)];
  await debit(ref, one);
  const taken = await debit(ref, two);
  const original = { ...two, providerTxnId: taken.outcome === 'succeeded' ? taken.providerTxnId : '' };
  const refund = { ...order(3000n), original, kind: 'refund' as const };
  await connector.refund(refund, signal);
  expect(await whole(connector.fetchStatement(DAY, signal))).toEqual({ state: 'not_ready' });
  await app.inject({ method: 'POST', url: '/sandbox/api/providers/stripe/cut', payload: { date: DAY } });
  const read = async (from: Connector, format = StripeBalance) => {
    const file = await whole(from.fetchStatement(DAY, signal));
    if (file.state !== 'ready') throw new Error(file.state);
    expect(format.recognises(file.content, file)).toBe(true);
    const lines: StatementLine[] = [];
    const sink = { line: (line: StatementLine) => void lines.push(line), finding: () => undefined };
    const totals = await format.read(Readable.from([file.content]), sink, file);
    expect(totals.agrees).toBe(true);
    return lines.map(({ kind, ourNumber, amount, fee }) => ({ kind, ourNumber, amount, fee }));
  };
  const everything = [
    { kind: 'PAY', ourNumber: one.orderNo, amount: 5000n, fee: 170n },
    { kind: 'PAY', ourNumber: two.orderNo, amount: 8000n, fee: 272n },
    { kind: 'REFUND', ourNumber: refund.orderNo, amount: -3000n, fee: 0n },
  ];
  const sorted = (lines: typeof everything) => [...lines].sort((a, b) => (a.ourNumber < b.ourNumber ? -1 : 1));
  expect(sorted(await read(connector))).toEqual(everything);
  const payouts = opened({ report: 'payout' });
  expect(sorted(await read(payouts, StripePayout))).toEqual(everything);
  await payouts.close();
  const damages = [{ how: 'omit', txnId: original.providerTxnId }];
  const payload = { date: DAY, damages };
  await app.inject({ method: 'POST', url: '/sandbox/api/stripe/statement_damage', payload });
  expect(await read(connector)).toHaveLength(2);
  expect(await whole(connector.fetchStatement('2026-11-21', signal))).toEqual({ state: 'none_today' });
});

it('remembers across a restart, and lets nobody in without the key', async () => {
  const ref = await signed();
  const one = order(5000n);
  await debit(ref, one);
  await connector.close();
  await stop();
  await start();
  connector = opened();
  expect(await connector.queryDebit(one, signal)).toMatchObject({ outcome: 'succeeded' });
  expect(await debit(ref, one)).toMatchObject({ outcome: 'succeeded' });
  expect(stripe.book.intents.size).toBe(1);
  const answer = await app.inject({ method: 'GET', url: '/providers/stripe/v1/balance' });
  expect(answer.statusCode).toBe(401);
});

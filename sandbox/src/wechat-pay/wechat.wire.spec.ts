import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Connector, ProviderEvent, StatementLine } from '@yidian/connectors/contract';
import { whole } from '@yidian/connectors/contract/played-file';
import { definition, WECHAT_FUNDFLOW, WECHAT_TRADE } from '@yidian/connectors/wechat-pay';
import { bareSandbox, freePort, PlayedPlatform, until } from '../wire/played-platform';
import { demoProfile } from '../demo/demo-profile';
import { makeServer } from '../server';
import { makeWorld } from '../world';
import { openWechatPay } from './open-wechat';
import type { Wechat } from './wechat';

/** The sandbox's WeChat Pay over real HTTP, spoken to by the connector that the platform uses. */
const DAY = '2026-11-22';
let dir: string;
let platform: PlayedPlatform;
let app: FastifyInstance;
let wechat: Wechat;
let connector: Connector;
const signal = AbortSignal.timeout(120_000);

function opened(over: object = {}): Connector {
  const settings = JSON.parse(readFileSync(join(dir, 'wechat_pay.settings.json'), 'utf8')) as object;
  const around = {
    provider: 'wechat_pay',
    callbackUrl: 'https://platform.example/callbacks/wechat_pay',
    now: () => new Date(),
  };
  return definition.open(definition.settings.parse({ ...settings, ...over }), around as never);
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'wechat-'));
  platform = await PlayedPlatform.start({ status: 204 });
  await start();
  connector = opened();
});
afterEach(async () => {
  await connector.close();
  await stop();
  await platform.close();
  rmSync(dir, { recursive: true });
});

async function start(port = 0): Promise<void> {
  app = bareSandbox();
  const at = port || (await freePort());
  wechat = openWechatPay(app, {
    dir,
    seed: 's',
    firstDate: DAY,
    platform: platform.address,
    sandboxUrl: `http://127.0.0.1:${at}`,
  });
  await app.listen({ host: '127.0.0.1', port: at });
}

async function stop(): Promise<void> {
  await app.close();
  wechat.stop();
}

/** What the platform has heard and believed. */
const heard = (): Promise<ProviderEvent[]> => platform.heard(connector);

let attempts = 0;
const order = (amount: bigint) => ({
  orderNo: `26112243215007310042${String(++attempts).padStart(2, '0')}`,
  amount,
  currency: 'CNY',
  orderedAt: new Date(),
  providerTxnId: '',
});
const cashier = (amount: bigint, presentation: 'qr' | 'redirect' | 'app' = 'qr') => ({
  ...order(amount),
  presentation,
  orderNote: '话费充值',
  expiresInSeconds: 900,
  returnUrl: 'http://127.0.0.1:4001/portal/payments/1',
});

async function press(url: string, answer: string): Promise<{ page: string; location: string }> {
  const { pathname, search } = new URL(url);
  const page = (await app.inject({ method: 'GET', url: pathname + search })).body;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const done = await app.inject({ method: 'POST', url: pathname + search, headers, payload: `answer=${answer}` });
  return { page, location: String(done.headers['location'] ?? '') };
}

async function paid(amount: bigint): Promise<ReturnType<typeof cashier>> {
  const request = cashier(amount);
  const answer = await connector.openCashier(request, signal);
  await press(answer.outcome === 'opened' ? answer.payUrl : '', 'pay');
  return request;
}

async function signed(): Promise<string> {
  const limits = { payment: 20_000n, day: 50_000n, month: 100_000n, currency: 'CNY' };
  const asked = { agreementNo: `agr_${++attempts}`, numberMasked: '138****1234', blind: 'b', returnUrl: '', limits };
  const started = await connector.startAgreement(asked, signal);
  const { page } = await press(started.outcome === 'started' ? started.signUrl : '', 'agree');
  expect(page).toContain('138****1234');
  const answer = await connector.queryAgreement({ agreementNo: asked.agreementNo, agreementRef: '' }, signal);
  return answer.outcome === 'active' ? answer.agreementRef : '';
}

const debit = (agreementRef: string, amount: bigint) => ({ ...order(amount), agreementRef, orderNote: '话费充值' });
const control = (url: string, payload: object) => app.inject({ method: 'POST', url: `/sandbox/api${url}`, payload });

describe('cashier', () => {
  test('a code is paid on its page, told, and answered', async () => {
    const request = cashier(5000n);
    const opened = await connector.openCashier(request, signal);
    expect(await connector.queryDebit(request, signal)).toEqual({ outcome: 'pending' });
    const { page } = await press(opened.outcome === 'opened' ? opened.payUrl : '', 'pay');
    expect(page).toContain('¥50.00');
    expect(await connector.queryDebit(request, signal)).toMatchObject({
      outcome: 'succeeded',
      amount: 5000n,
      businessDate: DAY,
    });
    const [event] = await until(async () => (await heard()).length > 0 && (await heard()));
    expect(event).toMatchObject({ type: 'debit', orderNo: request.orderNo, answer: { outcome: 'succeeded' } });
    expect(await connector.closeCashier(request, signal)).toMatchObject({ outcome: 'succeeded' });
  });

  test('an H5 page brings the payer back; parameters for the app are there; a closed order is not paid', async () => {
    const request = cashier(5000n, 'redirect');
    const opened = await connector.openCashier(request, signal);
    const { location } = await press(opened.outcome === 'opened' ? opened.payUrl : '', 'pay');
    expect(location).toBe('http://127.0.0.1:4001/portal/payments/1');
    const inApp = cashier(5000n, 'app');
    const app2 = await connector.openCashier(inApp, signal);
    const prepayId = app2.outcome === 'opened' ? app2.app?.['prepayid'] : '';
    expect(await connector.closeCashier(inApp, signal)).toEqual({ outcome: 'closed' });
    await press(`http://x/providers/wechat_pay/pages/pay/${prepayId}`, 'pay');
    expect(await connector.queryDebit(inApp, signal)).toMatchObject({ outcome: 'not_executed' });
  });

  test('the same number for another sum is refused, not paid twice', async () => {
    const request = await paid(5000n);
    expect(await connector.openCashier({ ...request, amount: 6000n }, signal)).toMatchObject({ outcome: 'unknown' });
    expect(await connector.queryDebit({ ...request, orderNo: 'NOBODY22' }, signal)).toEqual({ outcome: 'not_found' });
  });

  test('a notification that is not taken comes again under the same id', async () => {
    platform.refuse = 2;
    await paid(5000n);
    await until(() => platform.told.length >= 3);
    const ids = new Set(platform.told.map(({ body }) => connector.callbacks.eventId(body)));
    expect(ids.size).toBe(1);
    await until(() => wechat.courier.undelivered === 0);
  });
});

describe('deductions', () => {
  test('accepted, then taken and told', async () => {
    const request = debit(await signed(), 5000n);
    expect(await connector.debit(request, signal)).toEqual({ outcome: 'pending' });
    const event = await until(async () => (await heard()).find(({ orderNo }) => orderNo === request.orderNo));
    expect(event).toMatchObject({ type: 'debit', answer: { outcome: 'succeeded', amount: 5000n } });
    expect(await connector.debit(debit('WxNobody', 5000n), signal)).toMatchObject({ reason: 'agreement_ended' });
  });

  test.each([
    [5001n, 'insufficient_funds'],
    [5002n, 'limit'],
  ])('%d fen are declined: %s', async (amount, reason) => {
    const request = debit(await signed(), amount);
    await connector.debit(request, signal);
    const event = await until(async () => (await heard()).find(({ orderNo }) => orderNo === request.orderNo));
    expect(event).toMatchObject({ answer: { outcome: 'declined', reason } });
    expect(await connector.queryDebit(request, signal)).toMatchObject({ outcome: 'declined', reason });
  });

  test.each([
    [5003n, 'succeeded'],
    [5004n, 'not_found'],
  ])('%d fen: no answer; asked about later it is %s', async (amount, outcome) => {
    const request = debit(await signed(), amount);
    await expect(connector.debit(request, AbortSignal.timeout(300))).rejects.toThrow();
    const asked = await until(async () => {
      const answer = await connector.queryDebit(request, signal);
      return answer.outcome !== 'pending' && answer;
    });
    expect(asked).toMatchObject({ outcome });
  });

  test('told twice under one id; a wrong sum once; a forged word is not believed', async () => {
    const agreement = await signed();
    const twice = debit(agreement, 5005n);
    await connector.debit(twice, signal);
    const both = await until(async () => {
      const events = (await heard()).filter(({ orderNo }) => orderNo === twice.orderNo);
      return events.length === 2 && events;
    });
    expect(new Set(both.map(({ eventId }) => eventId)).size).toBe(1);
    const wrong = debit(agreement, 5007n);
    await connector.debit(wrong, signal);
    const sums = await until(async () => {
      const first = await connector.queryDebit(wrong, signal);
      return first.outcome === 'succeeded' && [first, await connector.queryDebit(wrong, signal)];
    });
    expect(sums).toMatchObject([{ amount: 5107n }, { amount: 5007n }]);
    const forged = debit(agreement, 5008n);
    await connector.debit(forged, signal);
    await until(async () => {
      const verdicts = await Promise.all(platform.told.map((callback) => connector.callbacks.verify(callback)));
      return verdicts.some((verdict) => !verdict.verified && verdict.fault === 'signature_invalid');
    });
    expect((await heard()).some(({ orderNo }) => orderNo === forged.orderNo)).toBe(false);
  });

  test('whatever was wished for meets the next deduction', async () => {
    const agreement = await signed();
    const { statusCode } = await control('/wechat_pay/faults', { behaviour: 'error_before', agreement_ref: agreement });
    expect(statusCode).toBe(200);
    const request = debit(agreement, 5000n);
    expect(await connector.debit(request, signal)).toMatchObject({ outcome: 'unknown' });
    expect(await connector.queryDebit(request, signal)).toEqual({ outcome: 'not_found' });
    expect((await control('/wechat_pay/faults', { behaviour: 'no such' })).statusCode).toBe(400);
  });

  test('the payer ends the agreement in WeChat; we end one ourselves', async () => {
    const agreement = await signed();
    const contract = [...wechat.book.contracts.values()].find(({ id }) => id === agreement);
    await control(`/wechat_pay/contracts/${contract?.code}/end`, {});
    const event = await until(async () =>
      (await heard()).find(({ type, answer }) => type === 'agreement' && answer.outcome === 'ended'),
    );
    expect(event.orderNo).toBe(contract?.code);
    await signed();
    const second = [...wechat.book.contracts.values()].find(({ state }) => state === 'SIGNED');
    const ref = { agreementNo: second?.code ?? '', agreementRef: '' };
    expect(await connector.endAgreement(ref, signal)).toEqual({ outcome: 'ended' });
  });
});

describe('refunds', () => {
  const refund = (original: ReturnType<typeof order>, amount: bigint, no: string) => ({
    ...original,
    orderNo: no,
    amount,
    kind: 'refund' as const,
    original,
  });

  test('in parts, once per number, never more than was paid; told', async () => {
    const original = await paid(5000n);
    const first = refund(original, 2000n, 'R1');
    expect(await connector.refund(first, signal)).toMatchObject({ outcome: 'succeeded', amount: 2000n });
    expect(await connector.refund(first, signal)).toMatchObject({ outcome: 'succeeded', amount: 2000n });
    expect(await connector.refund(refund(original, 3001n, 'R2'), signal)).toMatchObject({ outcome: 'unknown' });
    expect(await connector.queryRefund(refund(original, 3001n, 'R2'), signal)).toEqual({ outcome: 'not_found' });
    expect(await connector.queryRefund(first, signal)).toMatchObject({ outcome: 'succeeded' });
    expect(await connector.queryDebit(original, signal)).toMatchObject({ outcome: 'succeeded', amount: 5000n });
    const event = await until(async () => (await heard()).find(({ type }) => type === 'refund'));
    expect(event).toMatchObject({ orderNo: 'R1', answer: { outcome: 'succeeded', amount: 2000n } });
  });

  test('not enough on our account; under way and later done', async () => {
    const original = await paid(5000n);
    await control('/wechat_pay/faults', { what: 'refund', behaviour: 'declined_funds' });
    expect(await connector.refund(refund(original, 100n, 'R3'), signal)).toMatchObject({ outcome: 'declined' });
    await control('/wechat_pay/faults', { what: 'refund', behaviour: 'callback_twice' });
    const later = refund(original, 100n, 'R4');
    expect(await connector.refund(later, signal)).toEqual({ outcome: 'pending' });
    await until(async () => (await connector.queryRefund(later, signal)).outcome === 'succeeded');
  });
});

describe('its bill', () => {
  async function read(bytes: Buffer, format = WECHAT_TRADE) {
    const lines: StatementLine[] = [];
    const sink = { line: (line: StatementLine) => void lines.push(line), finding: () => undefined };
    return { lines, totals: await format.read(Readable.from([bytes]), sink, { fileName: 'x', date: DAY }) };
  }

  test('not ready while the day goes on; then what happened, with what was done by hand; none the day after', async () => {
    const original = await paid(5000n);
    expect(await whole(connector.fetchStatement(DAY, signal))).toEqual({ state: 'not_ready' });
    const back = await control(`/wechat_pay/orders/${original.orderNo}/refund`, { amount: '1500' });
    expect(back.statusCode).toBe(200);
    await control('/providers/wechat_pay/cut', { date: DAY });
    await control('/providers/wechat_pay/cut', { date: '2026-11-23' });
    const file = await whole(connector.fetchStatement(DAY, signal));
    const { lines, totals } = await read(file.state === 'ready' ? file.content : Buffer.alloc(0));
    expect(lines).toMatchObject([
      { kind: 'PAY', ourNumber: original.orderNo, amount: 5000n, fee: 30n },
      { kind: 'REFUND', amount: -1500n, fee: -9n, ourNumber: expect.stringMatching(/^BACK/) },
    ]);
    expect(totals).toMatchObject({ agrees: true, header: { date: DAY } });
    expect(await whole(connector.fetchStatement('2026-11-23', signal))).toEqual({ state: 'none_today' });
    const flow = opened({ bill: 'fundflow' });
    const moves = await whole(flow.fetchStatement(DAY, signal));
    const inFlow = await read(moves.state === 'ready' ? moves.content : Buffer.alloc(0), WECHAT_FUNDFLOW);
    expect(inFlow.totals).toMatchObject({ agrees: true, read: { lines: 4, amount: 3479n } });
    await flow.close();
  });

  test('differences that were wished for; the same bytes however often it is asked for', async () => {
    const first = await paid(5000n);
    await paid(3000n);
    const txnId = wechat.book.orders.get(first.orderNo)?.transactionId ?? '';
    await control('/wechat_pay/statement_damage', {
      date: DAY,
      damages: [
        { how: 'omit', txnId },
        { how: 'extra', ourNo: 'X12345', txnId: '42EXTRA', amount: '700', at: `${DAY}T12:00:00+08:00` },
      ],
    });
    wechat.cut(DAY);
    const file = await whole(connector.fetchStatement(DAY, signal));
    const { lines, totals } = await read(file.state === 'ready' ? file.content : Buffer.alloc(0));
    expect(lines.map(({ amount }) => amount).sort()).toEqual([3000n, 700n]);
    expect(totals.agrees).toBe(true);
    expect(await whole(connector.fetchStatement(DAY, signal))).toEqual(file);
  });
});

describe('keys and restarts', () => {
  test('a new certificate signs: the connector fetches it and goes on', async () => {
    const request = await paid(5000n);
    expect((await control('/wechat_pay/certificate_change', {})).statusCode).toBe(200);
    expect(await connector.queryDebit(request, signal)).toMatchObject({ outcome: 'succeeded' });
    await paid(4000n);
    await until(async () => (await heard()).length === 2);
  });

  test('strangers are not let in', async () => {
    const answer = await app.inject({ method: 'GET', url: '/providers/wechat_pay/v3/certificates' });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['wechatpay-signature']).toBeDefined();
  });

  test('what it knew it knows after a restart, keys included', async () => {
    const request = await paid(5000n);
    const { port } = app.server.address() as AddressInfo;
    await stop();
    await start(port);
    expect(await connector.queryDebit(request, signal)).toMatchObject({ outcome: 'succeeded', amount: 5000n });
  });

  test('it stands beside the bank: each has its own day, and no other site’s page pulls its levers', async () => {
    const sandboxUrl = 'http://127.0.0.1:4000';
    const { demoFile } = await demoProfile({ firstBusinessDate: DAY, sandboxUrl, seed: 's' });
    const places = {
      gatewayUrl: platform.address.url,
      gatewayPublicUrl: platform.address.url,
      sandboxUrl,
      dir: join(dir, 'both'),
    };
    const world = makeWorld(demoFile, places);
    const both = makeServer(world);
    const platformAt = { url: platform.address.url, publicUrl: platform.address.url };
    const { seed, firstBusinessDate: firstDate } = demoFile;
    const second = openWechatPay(both, { dir: places.dir, seed, firstDate, platform: platformAt, sandboxUrl });
    const cut = (code: string) =>
      both.inject({ method: 'POST', url: `/sandbox/api/providers/${code}/cut`, payload: { date: DAY } });
    expect((await cut('wechat_pay')).json()).toEqual({ date: '2026-11-23' });
    expect(world.bank.date).toBe(DAY);
    expect((await cut('bank_a')).json()).toEqual({ date: '2026-11-23' });
    const url = '/sandbox/api/wechat_pay/certificate_change';
    const strange = await both.inject({ method: 'POST', url, headers: { origin: 'http://evil.example' }, payload: {} });
    expect(strange.statusCode).toBe(403);
    await both.close();
    second.stop();
    world.stop();
  });
});

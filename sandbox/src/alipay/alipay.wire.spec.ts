import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ALIPAY_SIGNCUSTOMER, ALIPAY_TRADE, definition } from '@yidian/connectors/alipay';
import type { Connector, ProviderEvent, StatementLine } from '@yidian/connectors/contract';
import { whole } from '@yidian/connectors/contract/played-file';
import type { FastifyInstance } from 'fastify';
import { bareSandbox, freePort, PlayedPlatform, until } from '../wire/played-platform';
import type { Alipay } from './alipay';
import { openAlipay } from './open-alipay';

/** The sandbox's Alipay over real HTTP, spoken to by the connector that the platform uses. */
const DAY = '2026-11-22';
let dir: string;
let platform: PlayedPlatform;
let app: FastifyInstance;
let alipay: Alipay;
let connector: Connector;
const signal = AbortSignal.timeout(120_000);

const settingsFile = (): { gateway: string } =>
  JSON.parse(readFileSync(join(dir, 'alipay.settings.json'), 'utf8')) as { gateway: string };

function opened(over: object = {}, now = () => new Date()): Connector {
  const around = { provider: 'alipay', callbackUrl: 'https://platform.example/callbacks/alipay', now };
  return definition.open(definition.settings.parse({ ...settingsFile(), ...over }), around as never);
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'alipay-'));
  platform = await PlayedPlatform.start({ text: 'success' }, { text: 'fail' });
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
  alipay = openAlipay(app, {
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
  alipay.stop();
}

/** What the platform has heard and believed. */
const heard = (): Promise<ProviderEvent[]> => platform.heard(connector);
const heardOf = (orderNo: string) => until(async () => (await heard()).find((event) => event.orderNo === orderNo));

let attempts = 0;
const order = (amount: bigint) => ({
  orderNo: `2611224321500731${String((attempts += 1)).padStart(6, '0')}`,
  amount,
  currency: 'CNY',
  orderedAt: new Date(),
  providerTxnId: '',
});
const cashier = (amount: bigint, presentation: 'qr' | 'redirect' | 'app' = 'qr') => ({
  ...order(amount),
  presentation,
  orderNote: '话费充值 139****0000',
  expiresInSeconds: 86_400 * 30,
  returnUrl: 'http://127.0.0.1:4001/portal/payments/1',
});

/** A payer's browser: goes where it is sent, and presses a button there. */
async function press(address: string, answer: 'pay' | 'agree' | 'no'): Promise<{ page: string; location: string }> {
  const shown = await fetch(address);
  const page = await shown.text();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const init = { method: 'POST', headers, body: `answer=${answer}`, redirect: 'manual' as const };
  const pressed = await fetch(shown.url, init);
  return { page, location: pressed.headers.get('location') ?? '' };
}

async function paid(amount: bigint): Promise<ReturnType<typeof cashier>> {
  const request = cashier(amount);
  const answer = await connector.openCashier(request, signal);
  await press(answer.outcome === 'opened' ? answer.payUrl : '', 'pay');
  return request;
}

async function signed(): Promise<string> {
  const limits = { payment: 20_000n, day: 50_000n, month: 100_000n, currency: 'CNY' };
  const agreementNo = `agr_${(attempts += 1)}`;
  const asked = { agreementNo, numberMasked: '138****1234', blind: 'b', returnUrl: 'http://back.example/', limits };
  const known = { agreementNo, agreementRef: '' };
  const started = await connector.startAgreement(asked, signal);
  expect(await connector.queryAgreement(known, signal)).toEqual({ outcome: 'pending' });
  const { page, location } = await press(started.outcome === 'started' ? started.signUrl : '', 'agree');
  expect([page.includes('138****1234'), location]).toEqual([true, 'http://back.example/']);
  expect(await heardOf(agreementNo)).toMatchObject({ type: 'agreement', answer: { outcome: 'active' } });
  const answer = await connector.queryAgreement(known, signal);
  expect(answer).toMatchObject({ outcome: 'active', accountTail: '8812', bankName: '支付宝' });
  return answer.outcome === 'active' ? answer.agreementRef : '';
}

const debit = (agreementRef: string, amount: bigint) => ({ ...order(amount), agreementRef, orderNote: '话费充值' });
const control = (url: string, payload: object) => app.inject({ method: 'POST', url: `/sandbox/api${url}`, payload });

describe('cashier', () => {
  test('a code is paid on its page, told, and answered', async () => {
    const request = cashier(5000n);
    const shown = await connector.openCashier(request, signal);
    expect(await connector.queryDebit(request, signal)).toEqual({ outcome: 'pending' });
    const { page } = await press(shown.outcome === 'opened' ? shown.payUrl : '', 'pay');
    expect(page).toContain('¥50.00');
    expect(await connector.queryDebit(request, signal)).toMatchObject({
      outcome: 'succeeded',
      amount: 5000n,
      businessDate: DAY,
    });
    expect(await heardOf(request.orderNo)).toMatchObject({ type: 'debit', answer: { outcome: 'succeeded' } });
    expect(await connector.closeCashier(request, signal)).toMatchObject({ outcome: 'succeeded' });
  });

  test('a signed address leads to the page, and the page back; until then Alipay knows nothing of it', async () => {
    const request = cashier(5000n, 'redirect');
    const sent = await connector.openCashier(request, signal);
    expect(await connector.queryDebit(request, signal)).toEqual({ outcome: 'not_found' });
    expect(await connector.closeCashier(request, signal)).toEqual({ outcome: 'not_found' });
    const address = sent.outcome === 'opened' ? sent.payUrl : '';
    expect((await fetch(address.replace('50.00', '5.00'))).status).toBe(404);
    const { location } = await press(address, 'pay');
    expect(location).toBe('http://127.0.0.1:4001/portal/payments/1');
    expect(await connector.queryDebit(request, signal)).toMatchObject({ outcome: 'succeeded' });
  });

  test('the text of an app is good for the same page; a closed order is not paid', async () => {
    const request = cashier(5000n, 'app');
    const inApp = await connector.openCashier(request, signal);
    const text = inApp.outcome === 'opened' ? inApp.app?.['orderString'] : '';
    const shown = await fetch(`${settingsFile().gateway}?${text}`);
    expect(await connector.closeCashier(request, signal)).toEqual({ outcome: 'closed' });
    await press(shown.url, 'pay');
    expect(await connector.queryDebit(request, signal)).toMatchObject({ outcome: 'declined' });
  });

  test('the same number for another sum is refused, not paid twice', async () => {
    const request = await paid(5000n);
    expect(await connector.openCashier({ ...request, amount: 6000n }, signal)).toMatchObject({ outcome: 'unknown' });
  });

  test('a notification that is not taken comes again under the same id', async () => {
    platform.refuse = 2;
    await paid(5000n);
    await until(() => platform.told.length >= 3);
    expect(new Set(platform.told.map(({ body }) => connector.callbacks.eventId(body))).size).toBe(1);
    await until(() => alipay.courier.undelivered === 0);
  });
});

describe('debits', () => {
  test('are taken at once, and once', async () => {
    const request = debit(await signed(), 5000n);
    expect(await connector.debit(request, signal)).toMatchObject({ outcome: 'succeeded', amount: 5000n });
    expect(await connector.debit(request, signal)).toMatchObject({ outcome: 'unknown' });
    expect(await connector.debit({ ...request, amount: 1n }, signal)).toMatchObject({ outcome: 'unknown' });
    expect(await connector.debit(debit('nobody', 5000n), signal)).toMatchObject({ reason: 'agreement_ended' });
  });

  test.each([
    [5001n, 'insufficient_funds'],
    [5002n, 'limit'],
  ])('%d fen are declined: %s', async (amount, reason) => {
    const request = debit(await signed(), amount);
    expect(await connector.debit(request, signal)).toMatchObject({ outcome: 'declined', reason });
    expect(await connector.queryDebit(request, signal)).toMatchObject({ outcome: 'declined' });
  });

  test.each([
    [5003n, 'succeeded'],
    [5004n, 'not_found'],
    [5006n, 'not_found'],
  ])('%d fen: no answer; asked about it is %s', async (amount, outcome) => {
    const request = debit(await signed(), amount);
    await expect(connector.debit(request, AbortSignal.timeout(300))).rejects.toThrow();
    expect(await connector.queryDebit(request, signal)).toMatchObject({ outcome });
  });

  test('told twice under one id; a wrong sum, and the right one when asked', async () => {
    const agreement = await signed();
    const twice = debit(agreement, 5005n);
    expect(await connector.debit(twice, signal)).toEqual({ outcome: 'pending' });
    const both = await until(async () => {
      const events = (await heard()).filter(({ orderNo }) => orderNo === twice.orderNo);
      return events.length === 2 && events;
    });
    expect(new Set(both.map(({ eventId }) => eventId)).size).toBe(1);
    const wrong = debit(agreement, 5007n);
    expect(await connector.debit(wrong, signal)).toMatchObject({ outcome: 'succeeded', amount: 5107n });
    expect(await connector.queryDebit(wrong, signal)).toMatchObject({ outcome: 'succeeded', amount: 5007n });
  });

  test('a forged word is not believed, the true one that follows is', async () => {
    const forged = debit(await signed(), 5008n);
    expect(await connector.debit(forged, signal)).toEqual({ outcome: 'pending' });
    await until(async () => {
      const verdicts = await Promise.all(platform.told.map((callback) => connector.callbacks.verify(callback)));
      return verdicts.some((verdict) => !verdict.verified && verdict.fault === 'signature_invalid');
    });
    expect((await heard()).some(({ orderNo }) => orderNo === forged.orderNo)).toBe(false);
    expect(await heardOf(forged.orderNo)).toMatchObject({ answer: { outcome: 'declined' } });
  });

  test.each([
    ['error_before', 'not_found'],
    ['error_after', 'succeeded'],
  ])('whatever was wished for meets the next debit: %s', async (behaviour, outcome) => {
    const agreement = await signed();
    const { statusCode } = await control('/alipay/faults', { behaviour, agreement_ref: agreement });
    expect(statusCode).toBe(200);
    const request = debit(agreement, 5000n);
    await expect(connector.debit(request, signal)).rejects.toThrow('HTTP 502');
    expect(await connector.queryDebit(request, signal)).toMatchObject({ outcome });
    expect((await control('/alipay/faults', { behaviour: 'no such' })).statusCode).toBe(400);
  });

  test('the payer ends the agreement at Alipay; we end one ourselves', async () => {
    const first = await signed();
    const { externalNo } = [...alipay.book.agreements.values()].find(({ no }) => no === first) ?? { externalNo: '' };
    await control(`/alipay/agreements/${externalNo}/end`, {});
    await until(async () =>
      (await heard()).find(
        (event) => event.type === 'agreement' && event.orderNo === externalNo && event.answer.outcome === 'ended',
      ),
    );
    const known = { agreementNo: externalNo, agreementRef: first };
    expect(await connector.queryAgreement(known, signal)).toEqual({ outcome: 'ended' });
    expect(await connector.endAgreement({ agreementNo: '', agreementRef: await signed() }, signal)).toEqual({
      outcome: 'ended',
    });
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
    for (let i = 0; i < 2; i++)
      expect(await connector.refund(first, signal)).toMatchObject({
        outcome: 'succeeded',
        orderNo: 'R1',
        amount: 2000n,
      });
    expect(await connector.refund(refund(original, 1n, 'R1'), signal)).toMatchObject({ outcome: 'unknown' });
    expect(await connector.refund(refund(original, 3001n, 'R2'), signal)).toMatchObject({ outcome: 'declined' });
    expect(await connector.queryRefund(refund(original, 3001n, 'R2'), signal)).toEqual({ outcome: 'not_found' });
    expect(await heardOf('R1')).toMatchObject({ type: 'refund', answer: { outcome: 'succeeded', amount: 2000n } });
    expect(await connector.refund(refund(original, 3000n, 'R3'), signal)).toMatchObject({ amount: 3000n });
    expect(await connector.queryDebit(original, signal)).toMatchObject({ outcome: 'succeeded', amount: 5000n });
  });

  test('not enough on our account; under way and later done', async () => {
    const original = await paid(5000n);
    await control('/alipay/faults', { what: 'refund', behaviour: 'declined_funds' });
    expect(await connector.refund(refund(original, 100n, 'R4'), signal)).toMatchObject({ outcome: 'declined' });
    await control('/alipay/faults', { what: 'refund', behaviour: 'callback_twice' });
    const later = refund(original, 100n, 'R5');
    expect(await connector.refund(later, signal)).toEqual({ outcome: 'pending' });
    await until(async () => (await connector.queryRefund(later, signal)).outcome === 'succeeded');
  });

  test('a whole order is cancelled, paid or not', async () => {
    const original = await paid(5000n);
    const reversal = { ...refund(original, 5000n, 'V1'), kind: 'reversal' as const };
    expect(await connector.refund(reversal, signal)).toMatchObject({ outcome: 'succeeded', amount: 5000n });
    const open = cashier(5000n);
    await connector.openCashier(open, signal);
    const nothing = { ...refund(open, 5000n, 'V2'), kind: 'reversal' as const };
    expect(await connector.refund(nothing, signal)).toMatchObject({ outcome: 'not_executed' });
    expect(await connector.queryDebit(open, signal)).toMatchObject({ outcome: 'declined' });
  });
});

describe('its bill', () => {
  async function read(bytes: Buffer, format = ALIPAY_TRADE) {
    const lines: StatementLine[] = [];
    const sink = { line: (line: StatementLine) => void lines.push(line), finding: () => undefined };
    return { lines, totals: await format.read(Readable.from([bytes]), sink, { fileName: 'x', date: DAY }) };
  }
  const fetched = async (bill: 'trade' | 'signcustomer' = 'trade') => {
    const morning = opened({ bill }, () => new Date('2026-11-25T03:00:00Z'));
    const file = await whole(morning.fetchStatement(DAY, signal));
    await morning.close();
    return file.state === 'ready' ? file.content : Buffer.alloc(0);
  };

  test('not ready while the day goes on; then what happened, with what was done by hand; none the day after', async () => {
    const original = await paid(5000n);
    const early = opened({}, () => new Date('2026-11-22T12:00:00Z'));
    expect(await whole(early.fetchStatement(DAY, signal))).toEqual({ state: 'not_ready' });
    await early.close();
    const back = await control(`/alipay/orders/${original.orderNo}/refund`, { amount: '1500' });
    expect(back.statusCode).toBe(200);
    await control('/providers/alipay/cut', { date: DAY });
    await control('/providers/alipay/cut', { date: '2026-11-23' });
    const { lines, totals } = await read(await fetched());
    expect(lines).toMatchObject([
      { kind: 'PAY', ourNumber: original.orderNo, amount: 5000n, fee: 30n },
      { kind: 'REFUND', amount: -1500n, fee: -9n, origTxnId: lines[0]?.providerTxnId },
    ]);
    expect(totals).toMatchObject({ agrees: true, header: { date: DAY } });
    const inFlow = await read(await fetched('signcustomer'), ALIPAY_SIGNCUSTOMER);
    expect(inFlow.totals).toMatchObject({ agrees: true, read: { lines: 4, amount: 3479n } });
    const later = opened({}, () => new Date('2026-11-25T03:00:00Z'));
    expect(await whole(later.fetchStatement('2026-11-23', signal))).toEqual({ state: 'none_today' });
    await later.close();
  });

  test('differences that were wished for; the same bytes however often it is asked for', async () => {
    const first = await paid(5000n);
    await paid(3000n);
    const damages = [
      { how: 'omit', txnId: alipay.book.orders.get(first.orderNo)?.tradeNo ?? '' },
      { how: 'extra', ourNo: 'X12345', txnId: '20261122220014EXTRA', amount: '700', at: `${DAY}T12:00:00+08:00` },
    ];
    await control('/alipay/statement_damage', { date: DAY, damages });
    alipay.cut(DAY);
    const file = await fetched();
    const { lines, totals } = await read(file);
    expect(lines.map(({ amount }) => amount).sort()).toEqual([3000n, 700n]);
    expect(totals.agrees).toBe(true);
    expect(await fetched()).toEqual(file);
  });
});

describe('keys and restarts', () => {
  test('a new certificate signs: the connector fetches it and goes on', async () => {
    const request = await paid(5000n);
    expect((await control('/alipay/certificate_change', {})).statusCode).toBe(200);
    expect(await connector.queryDebit(request, signal)).toMatchObject({ outcome: 'succeeded' });
    await heardOf((await paid(4000n)).orderNo);
  });

  test('strangers are not let in, and are told so by a signed answer', async () => {
    const body = new URLSearchParams({ method: 'alipay.trade.query', app_id: '1', sign: 'x' });
    const answer = await (await fetch(settingsFile().gateway, { method: 'POST', body })).text();
    expect(JSON.parse(answer)).toMatchObject({
      alipay_trade_query_response: { code: '40002', sub_code: 'isv.invalid-signature' },
      sign: expect.stringMatching(/^[\w+/]+=*$/),
    });
  });

  test('what it knew it knows after a restart, keys included', async () => {
    const request = await paid(5000n);
    const { port } = app.server.address() as AddressInfo;
    await connector.close();
    await stop();
    await start(port);
    connector = opened();
    expect(await connector.queryDebit(request, signal)).toMatchObject({ outcome: 'succeeded', amount: 5000n });
    const next = await paid(100n);
    const numbers = [...alipay.book.orders.values()].map(({ tradeNo }) => tradeNo);
    expect(new Set(numbers).size).toBe(2);
    expect(alipay.book.orders.has(next.orderNo)).toBe(true);
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Connector, ProviderEvent, StatementLine } from '@yidian/connectors/contract';
import { whole } from '@yidian/connectors/contract/played-file';
import { definition, UNIONPAY_ZM } from '@yidian/connectors/unionpay';
import { txnTime } from '@yidian/connectors/unionpay/times';
import { bareSandbox, freePort, PlayedPlatform, until } from '../wire/played-platform';
import { openUnionPay } from './open-unionpay';
import type { UnionPay } from './unionpay';

/** The sandbox's UnionPay over real HTTP, spoken to by the connector that the platform uses. */
const DAY = '2026-11-22';
let dir: string;
let platform: PlayedPlatform;
let app: FastifyInstance;
let unionPay: UnionPay;
let connector: Connector;
const signal = AbortSignal.timeout(120_000);

function opened(now = () => new Date()): Connector {
  const settings = JSON.parse(readFileSync(join(dir, 'unionpay.settings.json'), 'utf8')) as object;
  const callbackUrl = 'https://platform.example/callbacks/unionpay';
  const around = { provider: 'unionpay', callbackUrl, now };
  return definition.open(definition.settings.parse(settings), around as never);
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'unionpay-'));
  platform = await PlayedPlatform.start({ text: 'ok' });
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
  unionPay = openUnionPay(app, {
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
  unionPay.stop();
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

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
async function press(url: string, answer: string): Promise<{ page: string; location: string }> {
  const { pathname } = new URL(url, 'http://sandbox');
  const page = (await app.inject({ method: 'GET', url: pathname })).body;
  const done = await app.inject({ method: 'POST', url: pathname, headers: FORM, payload: `answer=${answer}` });
  return { page, location: String(done.headers['location'] ?? '') };
}

/** What the payer's browser does with a form; where it is sent. */
async function post(form: Readonly<Record<string, string>>): Promise<string> {
  const url = '/providers/unionpay/gateway/api/frontTransReq.do';
  const payload = new URLSearchParams({ ...form }).toString();
  const answer = await app.inject({ method: 'POST', url, headers: FORM, payload });
  expect(answer.statusCode).toBe(303);
  return String(answer.headers['location']);
}

async function paid(amount: bigint): Promise<ReturnType<typeof order>> {
  const request = cashier(amount);
  const answer = await connector.openCashier(request, signal);
  await press(answer.outcome === 'opened' ? answer.payUrl : '', 'pay');
  const known = await connector.queryDebit(request, signal);
  return { ...request, providerTxnId: known.outcome === 'succeeded' ? known.providerTxnId : '' };
}

async function signed(): Promise<string> {
  const limits = { payment: 20_000n, day: 50_000n, month: 100_000n, currency: 'CNY' };
  const agreementNo = `agr_${++attempts}`;
  const asked = { agreementNo, numberMasked: '138****1234', blind: 'b', returnUrl: 'https://p.example/a', limits };
  const started = await connector.startAgreement(asked, signal);
  const ref = { agreementNo, agreementRef: '' };
  const page = await post(started.outcome === 'started' ? (started.form ?? {}) : {});
  expect(await connector.queryAgreement(ref, signal)).toEqual({ outcome: 'pending' });
  expect((await press(page, 'agree')).location).toBe('https://p.example/a');
  const answer = await connector.queryAgreement(ref, signal);
  expect(answer).toMatchObject({ outcome: 'active', accountTail: '0018' });
  return answer.outcome === 'active' ? answer.agreementRef : '';
}
const debit = async (amount: bigint) => ({ ...order(amount), agreementRef: await signed(), orderNote: '话费充值' });
const refundOf = (original: ReturnType<typeof order>, amount: bigint, kind: 'refund' | 'reversal' = 'refund') => ({
  ...order(amount),
  kind,
  original,
});

async function statement(date = DAY): Promise<StatementLine[]> {
  const file = await whole(connector.fetchStatement(date, signal));
  if (file.state !== 'ready') return [];
  const lines: StatementLine[] = [];
  const sink = {
    line: (line: StatementLine) => void lines.push(line),
    finding: ({ reason }: { reason: string }) => {
      throw new Error(reason);
    },
  };
  const totals = await UNIONPAY_ZM.read(Readable.from([file.content]), sink, { fileName: file.fileName, date });
  expect(totals.agrees).toBe(true);
  return lines;
}
const control = async (path: string, payload: object = {}) =>
  (await app.inject({ method: 'POST', url: `/sandbox/api/${path}`, payload })).json<Record<string, string>>();

describe('cashiers', () => {
  test('at the page: the form is checked, the payer pays, the platform hears of it and asks', async () => {
    const request = cashier(5000n, 'redirect');
    const answer = await connector.openCashier(request, signal);
    const form = answer.outcome === 'opened' ? (answer.form ?? {}) : {};
    expect(await post({ ...form, txnAmt: '1' })).toContain('/pages/none/none');
    const page = await post(form);
    expect(await connector.queryDebit(request, signal)).toEqual({ outcome: 'pending' });
    const { page: shown, location } = await press(page, 'pay');
    expect(shown).toContain('¥50.00');
    expect(location).toBe(request.returnUrl);
    const event = await until(async () => (await heard())[0]);
    expect(event).toMatchObject({
      type: 'debit',
      orderNo: request.orderNo,
      answer: { outcome: 'succeeded', amount: 5000n },
    });
    expect(await connector.queryDebit(request, signal)).toMatchObject({ outcome: 'succeeded', businessDate: DAY });
  });

  test('by a code and in the app; a cancelled one stays open; one whose time is over was given up', async () => {
    const request = cashier(5000n);
    const answer = await connector.openCashier(request, signal);
    await press(answer.outcome === 'opened' ? answer.payUrl : '', 'no');
    expect(await connector.queryDebit(request, signal)).toEqual({ outcome: 'pending' });
    expect(await connector.openCashier(cashier(5000n, 'app'), signal)).toMatchObject({
      app: { tn: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    const late = { ...cashier(5000n), expiresInSeconds: -5 };
    await connector.openCashier(late, signal);
    expect(await connector.queryDebit(late, signal)).toMatchObject({ outcome: 'declined', reason: 'payer_cancelled' });
  });
});

describe('debits: the fen of the sum choose', () => {
  test.each([
    [5000n, 'succeeded'],
    [5001n, 'declined'],
    [5002n, 'declined'],
  ])('%d is accepted, then %s, and told', async (amount, outcome) => {
    const request = await debit(amount);
    expect(await connector.debit(request, signal)).toEqual({ outcome: 'pending' });
    const event = await until(async () => (await heard()).find(({ type }) => type === 'debit'));
    expect(event).toMatchObject({ orderNo: request.orderNo, answer: { outcome } });
    expect(await connector.queryDebit(request, signal)).toMatchObject({ outcome });
    expect(await connector.debit(request, signal)).toMatchObject({ outcome: 'unknown' }); // a duplicate says nothing
  });

  test('03 and 04: no answer, done or not', async () => {
    for (const [amount, outcome] of [
      [5003n, 'succeeded'],
      [5004n, 'not_found'],
    ] as const) {
      const request = await debit(amount);
      await expect(connector.debit(request, AbortSignal.timeout(200))).rejects.toThrow();
      const answer = await until(async () => {
        const known = await connector.queryDebit(request, signal);
        return known.outcome === 'unknown' ? undefined : known;
      });
      expect(answer).toMatchObject({ outcome });
    }
  });

  test('05: told twice as one event; 07: the first question is answered with another sum', async () => {
    const twice = await debit(5005n);
    await connector.debit(twice, signal);
    await until(() => platform.told.filter(({ body }) => body.includes(twice.orderNo)).length === 2);
    const ids = platform.told
      .filter(({ body }) => body.includes(twice.orderNo))
      .map(({ body }) => connector.callbacks.eventId(body));
    expect(new Set(ids).size).toBe(1);
    const wrong = await debit(5007n);
    await connector.debit(wrong, signal);
    await until(() => unionPay.book.order(wrong.orderNo, txnTime(wrong.orderedAt))?.state === 'DONE');
    expect(await connector.queryDebit(wrong, signal)).toMatchObject({ amount: 5107n });
    expect(await connector.queryDebit(wrong, signal)).toMatchObject({ amount: 5007n });
  });

  test('08: a forged notification is refused', async () => {
    const request = await debit(5008n);
    await connector.debit(request, signal);
    const forged = await until(() => platform.told.find(({ body }) => body.includes(request.orderNo)));
    expect(await connector.callbacks.verify(forged)).toMatchObject({ verified: false, fault: 'signature_invalid' });
  });

  test('under no binding, and after its end, nothing is taken', async () => {
    const request = await debit(5000n);
    const ref = { agreementNo: request.agreementRef, agreementRef: request.agreementRef };
    await control(`unionpay/bindings/${request.agreementRef}/end`);
    const event = await until(async () =>
      (await heard()).find(({ type, answer }) => type === 'agreement' && answer.outcome === 'ended'),
    );
    expect(event.orderNo).toBe(request.agreementRef);
    expect(await connector.queryAgreement(ref, signal)).toEqual({ outcome: 'ended' });
    expect(await connector.debit(request, signal)).toMatchObject({ outcome: 'declined', reason: 'agreement_ended' });
    const second = await signed();
    expect(await connector.endAgreement({ agreementNo: second, agreementRef: second }, signal)).toEqual({
      outcome: 'ended',
    });
  });

  test('a wish goes before the fen', async () => {
    await control('unionpay/faults', { behaviour: 'declined_limit', amount: '5000' });
    const request = await debit(5000n);
    await connector.debit(request, signal);
    await until(async () => (await connector.queryDebit(request, signal)).outcome === 'declined');
    await control('unionpay/faults', { behaviour: 'error_before' });
    const failing = await debit(6000n);
    await expect(connector.debit(failing, signal)).rejects.toThrow('HTTP 500');
    expect(await connector.queryDebit(failing, signal)).toEqual({ outcome: 'not_found' });
  });
});

describe('money back', () => {
  test('in parts, never more than was taken; a reversal undoes the whole order of the day', async () => {
    const original = await paid(5000n);
    const first = refundOf(original, 2000n);
    expect(await connector.refund(first, signal)).toEqual({ outcome: 'pending' });
    const event = await until(async () => (await heard()).find(({ type }) => type === 'refund'));
    expect(event).toMatchObject({ orderNo: first.orderNo, answer: { outcome: 'succeeded', amount: 2000n } });
    expect(await connector.queryRefund(first, signal)).toMatchObject({ outcome: 'succeeded', amount: 2000n });
    expect(await connector.refund(first, signal)).toMatchObject({ outcome: 'unknown' });
    expect(await connector.refund(refundOf(original, 3001n), signal)).toMatchObject({ outcome: 'unknown' });
    expect(await connector.refund(refundOf(original, 5000n, 'reversal'), signal)).toMatchObject({ outcome: 'unknown' });
    const other = await paid(6000n);
    expect(await connector.refund(refundOf(other, 6000n, 'reversal'), signal)).toEqual({ outcome: 'pending' });
  });

  test('a refund may be lost before or after it is done', async () => {
    const original = await paid(5000n);
    for (const [behaviour, outcome] of [
      ['no_answer_done', 'succeeded'],
      ['no_answer_not_done', 'not_found'],
      ['declined_funds', 'declined'],
    ] as const) {
      await control('unionpay/faults', { behaviour, what: 'refund' });
      const refund = refundOf(original, 100n);
      await connector.refund(refund, AbortSignal.timeout(200)).catch(() => undefined);
      await until(async () => (await connector.queryRefund(refund, signal)).outcome === outcome);
    }
  });
});

describe('statement', () => {
  test('the day’s zip, with orders, refunds, what was done by hand, and disputes', async () => {
    const early = opened(() => new Date(`${DAY}T23:30:00+08:00`));
    expect(await whole(early.fetchStatement(DAY, signal))).toEqual({ state: 'not_ready' });
    await early.close();
    const original = await paid(5000n);
    const refund = refundOf(original, 2000n);
    await connector.refund(refund, signal);
    await until(async () => (await connector.queryRefund(refund, signal)).outcome === 'succeeded');
    await control(`unionpay/orders/${original.providerTxnId}/refund`, { amount: '1000' });
    await control('providers/unionpay/cut', { date: DAY });
    await control(`unionpay/orders/${original.providerTxnId}/dispute`, { amount: '-2000' });
    expect(await statement()).toMatchObject([
      { kind: 'PAY', ourNumber: original.orderNo, providerTxnId: original.providerTxnId, amount: 5000n, fee: 28n },
      { kind: 'REFUND', ourNumber: refund.orderNo, origTxnId: original.providerTxnId, amount: -2000n, fee: -11n },
      { kind: 'REFUND', ourNumber: expect.stringMatching(/^BACK/), amount: -1000n },
    ]);
    await control('providers/unionpay/cut', { date: '2026-11-23' });
    expect(await statement('2026-11-23')).toMatchObject([{ kind: 'RETURN', amount: -2000n }]);
  });

  test('differences that were wished for', async () => {
    const [one, two, three] = [await paid(5000n), await paid(6000n), await paid(7000n)];
    await control('unionpay/statement_damage', {
      date: DAY,
      damages: [
        { how: 'omit', txnId: one.providerTxnId },
        { how: 'amount', txnId: two.providerTxnId, by: '100' },
        { how: 'fee', txnId: three.providerTxnId, by: '1' },
        { how: 'extra', ourNo: 'X1', txnId: '442611221204052678498', amount: '300', at: `${DAY}T12:00:00+08:00` },
      ],
    });
    await control('providers/unionpay/cut', { date: DAY });
    const lines = await statement();
    expect(lines.map(({ amount }) => amount)).toEqual([6100n, 7000n, 300n]);
    expect(lines[1]?.fee).toBe(40n);
    expect(await statement()).toEqual(lines);
  });
});

test('a new certificate of the same authority is believed without a change of settings', async () => {
  const original = await paid(5000n);
  expect(await control('unionpay/certificate_change')).toHaveProperty('cert_id');
  expect(await connector.queryDebit(original, signal)).toMatchObject({ outcome: 'succeeded' });
});

test('a notification is brought until it is taken, across a restart; keys and orders are kept', async () => {
  platform.refuse = 2;
  const request = cashier(5000n);
  const answer = await connector.openCashier(request, signal);
  await press(answer.outcome === 'opened' ? answer.payUrl : '', 'pay');
  await until(() => platform.told.length === 1);
  const { port } = app.server.address() as AddressInfo;
  await stop();
  await start(port);
  await until(() => platform.told.length === 3);
  expect(new Set(platform.told.map(({ body }) => connector.callbacks.eventId(body))).size).toBe(1);
  expect(await connector.queryDebit(request, signal)).toMatchObject({ outcome: 'succeeded' });
  await until(() => unionPay.courier.undelivered === 0);
});

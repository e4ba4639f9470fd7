import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PlayedGateway, until } from '../../testing/played-gateway';

const ZHANG = '13800001234';
const KEY = 'the key of the get door';

function get(gateway: PlayedGateway, members: Record<string, string>, authorization?: string): Promise<Response> {
  const query = new URLSearchParams({ key: KEY, from: ZHANG, to: '10086', time: '2026-11-29 10:00:00', ...members });
  return fetch(
    `${gateway.url}/channels/sms/get?${query.toString()}`,
    authorization ? { headers: { authorization } } : {},
  );
}
const payments = async (gateway: PlayedGateway) =>
  Number((await gateway.database.db.select<{ n: bigint }>('SELECT COUNT(*) AS n FROM payment'))[0]?.n);

describe('texts by GET, answered in the body', () => {
  let gateway: PlayedGateway;

  beforeAll(async () => {
    // An empty address: texts have no way of their own.
    gateway = await PlayedGateway.start({
      settings: { SMS_GET_KEY: KEY, SMS_GET_WAIT_MS: '4000', SMSC_URL: undefined as never },
    });
    gateway.billing.state.addNumber(ZHANG);
    await gateway.agreement(ZHANG);
  });
  afterAll(() => gateway.close());

  test('the receipt is the reply, the same for the same id, and one payment', async () => {
    const before = await payments(gateway);
    const first = await get(gateway, { id: 'k1', text: '充值31' });
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(first.headers.get('x-kannel-coding')).toBe('2');
    const said = await first.text();
    expect(said).toMatch(/^【一点付】已充31\.00元到本机/);
    expect(await (await get(gateway, { id: 'k1', text: '充值31' })).text()).toBe(said);
    expect(await payments(gateway)).toBe(before + 1);
  });

  test.each([
    ['YE', /本机余额/],
    ['今天天气', /没看懂,没有扣款/],
    ['CZ 9999', /没有扣款/],
  ])('%s', async (text, answer) => {
    expect(await (await get(gateway, { id: `t-${text.length}-${text.charCodeAt(0)}`, text })).text()).toMatch(answer);
  });

  test('the key may be a basic password; nothing is taken without it', async () => {
    const basic = `Basic ${Buffer.from(`kannel:${KEY}`).toString('base64')}`;
    expect((await get(gateway, { id: 'b1', text: 'YE', key: '' }, basic)).status).toBe(200);
    for (const [key, authorization] of [
      ['', undefined],
      ['wrong', undefined],
      ['', 'Basic a2FubmVsOndyb25n'],
    ] as const) {
      const answer = await get(gateway, { id: 'b2', text: '充值50', key }, authorization);
      expect(`${answer.status} ${((await answer.json()) as { code: string }).code}`).toBe('401 signature_invalid');
    }
    expect((await get(gateway, { id: 'b3', text: 'YE', from: 'BANK' })).status).toBe(400);
  });
});

describe('texts by GET, answered by the gateway that brought them', () => {
  let gateway: PlayedGateway;
  let kannel: Server;
  const sent: URLSearchParams[] = [];
  let answer: [status: number, text: string] = [202, '0: Accepted for delivery'];

  beforeAll(async () => {
    kannel = createServer((request, response) => {
      sent.push(new URL(request.url ?? '', 'http://x').searchParams);
      response.writeHead(answer[0]).end(answer[1]);
    });
    await new Promise<void>((resolve) => kannel.listen(0, '127.0.0.1', resolve));
    const { port } = kannel.address() as AddressInfo;
    gateway = await PlayedGateway.start({
      settings: {
        SMS_GET_KEY: KEY,
        SMS_SEND_URL: `http://127.0.0.1:${port}/cgi-bin/sendsms?username=pay&password=word`,
      },
    });
    gateway.billing.state.addNumber(ZHANG);
    await gateway.agreement(ZHANG);
    await until(async () => (await state()) === 'sent'); // the text that says so
  });
  afterAll(async () => {
    await gateway.close();
    kannel.close();
  });
  beforeEach(() => {
    sent.length = 0;
    answer = [202, '0: Accepted for delivery'];
  });
  const state = async () =>
    (
      await gateway.database.db.select<{ state: string }>(
        'SELECT state FROM sms_message ORDER BY created_at DESC LIMIT 1',
      )
    )[0]?.state;

  test('the reply is empty and the text follows by itself', async () => {
    const reply = await get(gateway, { id: 's1', text: 'YE' });
    expect([reply.status, await reply.text()]).toEqual([200, '']);
    await until(() => Promise.resolve(sent.length === 1));
    expect(Object.fromEntries(sent[0] as URLSearchParams)).toMatchObject({
      ...{ username: 'pay', password: 'word', from: '10086', to: ZHANG, charset: 'UTF-8', coding: '2' },
      text: expect.stringMatching(/本机余额/) as string,
    });
    await until(async () => (await state()) === 'sent');
  });

  test.each([
    [[202, '3: Queued for later delivery'], 'sent'],
    [[400, 'bad request'], 'failed'],
    [[503, 'Temporal failure, try again later.'], 'new'],
    [[403, 'Authorization failed for sendsms'], 'new'],
  ] as [[number, string], string][])('its answer %j: %s', async (said, became) => {
    answer = said;
    await get(gateway, { id: `a${said[0]}`, text: 'YE' });
    await until(() => Promise.resolve(sent.length === 1));
    await until(async () => (await state()) === became);
  });
});

test('without a key the door takes nothing', async () => {
  const gateway = await PlayedGateway.start();
  try {
    const answer = await get(gateway, { id: 'x', text: 'YE' });
    expect(`${answer.status} ${((await answer.json()) as { code: string }).code}`).toBe('401 signature_invalid');
  } finally {
    await gateway.close();
  }
});

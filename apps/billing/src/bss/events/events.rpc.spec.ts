import { HUNAN } from '../../testing/billing-fixture';
import { Lifecycle } from '../../resources/lifecycle';
import { provinceFixture, type ProvinceFixture } from '../testing/province-fixture';
import { until } from '../testing/until';

const PUBLIC = 'http://billing.example';
const PATH = `/bss/${HUNAN}/events`;

describe('events of a province', () => {
  let billing: ProvinceFixture;
  let door: string;
  let serial = 0;
  beforeAll(async () => {
    billing = await provinceFixture({}, { BSS_PUBLIC_URL: PUBLIC });
    door = `http://127.0.0.1:${billing.running().app.get(Lifecycle, { strict: false }).healthPort}`;
  });
  afterAll(() => billing.close());

  const event = (type: string, data: object, over: object = {}) => ({
    event_id: `e-${(serial += 1)}`,
    type,
    occurred_at: new Date().toISOString(),
    data,
    ...over,
  });
  const send = async (body: Record<string, unknown>, signedBy?: 'province' | 'stranger', path = PATH) => {
    const { headers, body: text } = billing.province.event(PUBLIC + path, body, signedBy);
    const answer = await fetch(door + path, { method: 'POST', headers, body: text });
    return { status: answer.status, text: await answer.text(), signature: answer.headers.get('signature') };
  };
  const row = async (id: unknown) =>
    (await billing.database.db.select('SELECT * FROM bss_event WHERE event_id = ?', [id]))[0];
  const ended = (id: unknown) => until(async () => (await row(id))?.['state'] !== 'new');
  const found = async (msisdn: string) =>
    (await billing.client.call('numbers.lookup', { items: [{ msisdn }] })).items[0]?.found;

  test('a signed one is stored, answered by a signed success, and changes the number', async () => {
    const msisdn = '13973400001';
    await billing.register({ msisdn, branch: HUNAN });
    const suspended = event('suspended', { number: msisdn, reason: 'loss' });
    expect(await send(suspended)).toMatchObject({
      status: 200,
      text: 'success',
      signature: expect.stringMatching(/./),
    });
    await ended(suspended.event_id);
    expect(await row(suspended.event_id)).toMatchObject({ state: 'done', outcome: 'changed', branch: HUNAN });
    expect(await found(msisdn)).toMatchObject({ status: 'suspended' });
    const resumed = event('resumed', { number: msisdn });
    await send(resumed);
    await ended(resumed.event_id);
    expect(await found(msisdn)).toMatchObject({ status: 'active' });
    // What it named is gone, its digest stays.
    expect(String((await row(resumed.event_id))?.['body'])).toBe('');
    expect((await row(resumed.event_id))?.['digest']).toMatch(/^[0-9a-f]{64}$/);
  });

  test('twice, at once or later, under one id: stored and applied once', async () => {
    const msisdn = '13973400002';
    await billing.register({ msisdn, branch: HUNAN });
    const body = event('sim_changed', { number: msisdn });
    const answers = await Promise.all([send(body), send(body), send(body)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await ended(body.event_id);
    expect(await send(body)).toMatchObject({ status: 200 });
    const rows = await billing.database.db.select('SELECT event_id FROM bss_event WHERE event_id = ?', [body.event_id]);
    expect(rows).toHaveLength(1);
  });

  test('another owner: whoever saw the former name is stopped', async () => {
    const msisdn = '13973400003';
    await billing.register({ msisdn, branch: HUNAN });
    const before = await found(msisdn);
    const body = event('owner_changed', { number: msisdn, name: '李明' });
    await send(body);
    await ended(body.event_id);
    expect(await found(msisdn)).toMatchObject({ owner: '李*', ownerVersion: (before?.ownerVersion ?? 0) + 1 });
  });

  test('a low balance is told on with its sum', async () => {
    const msisdn = '13973400004';
    await billing.register({ msisdn, branch: HUNAN });
    const body = event('low_balance', { number: msisdn, balance: 350 });
    await send(body);
    await ended(body.event_id);
    expect(await row(body.event_id)).toMatchObject({ outcome: 'changed' });
  });

  test('forged, changed, unsigned, for another branch, too large, no event: refused without a row', async () => {
    const count = async () =>
      (await billing.database.db.select<{ n: bigint }>('SELECT COUNT(*) AS n FROM bss_event'))[0]?.n;
    const before = await count();
    const body = event('suspended', { number: '13973400001' });
    expect(await send(body, 'stranger')).toMatchObject({ status: 401 });
    const { headers, body: text } = billing.province.event(PUBLIC + PATH, body);
    const changed = await fetch(door + PATH, { method: 'POST', headers, body: text.replace('suspended', 'resumed') });
    expect(changed.status).toBe(401);
    expect((await fetch(door + PATH, { method: 'POST', body: text })).status).toBe(401);
    expect(await send(body, 'province', '/bss/420000/events')).toMatchObject({ status: 404 });
    expect(await send({ hello: 'world' })).toMatchObject({ status: 400 });
    expect((await fetch(door + PATH)).status).toBe(404);
    const large = await fetch(door + PATH, { method: 'POST', headers, body: 'x'.repeat(70_000) }).catch(() => null);
    expect(large?.status ?? 413).toBe(413);
    expect(await count()).toBe(before);
  });

  test('a province cannot speak of another branch’s number', async () => {
    const msisdn = '13900400001';
    await billing.register({ msisdn });
    const body = event('closed', { number: msisdn });
    await send(body);
    await until(async () => Number((await row(body.event_id))?.['tries']) === 1);
    for (let tries = 2; tries <= 4; tries++) {
      await billing.database.db.run('UPDATE bss_event SET due_at = NOW(3) WHERE event_id = ?', [body.event_id]);
      await until(async () => Number((await row(body.event_id))?.['tries']) === tries);
    }
    await ended(body.event_id);
    expect(await row(body.event_id)).toMatchObject({ state: 'left', outcome: 'foreign_number' });
    expect(await found(msisdn)).toMatchObject({ status: 'active' });
  });

  test('of a kind nobody uses: stored, answered, and left alone', async () => {
    const body = event('birthday', { number: '13973400001' });
    expect(await send(body)).toMatchObject({ status: 200 });
    await ended(body.event_id);
    expect(await row(body.event_id)).toMatchObject({ state: 'done', outcome: 'not_used' });
  });

  test('health is still where it was', async () => {
    expect((await fetch(`${door}/health/ready`)).status).toBe(200);
    expect((await fetch(`${door}/elsewhere`)).status).toBe(404);
  });
});

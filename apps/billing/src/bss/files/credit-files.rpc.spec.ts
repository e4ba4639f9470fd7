import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HUNAN } from '../../testing/billing-fixture';
import { provinceFixture, type ProvinceFixture } from '../testing/province-fixture';
import { until } from '../testing/until';

const AT = '2026-11-23T10:00:00+08:00';

describe('a province’s credit file beside our orders', () => {
  let billing: ProvinceFixture;
  let serial = 0;
  let day = 0;
  let date = '';
  beforeAll(async () => (billing = await provinceFixture()));
  afterAll(() => billing.close());
  beforeEach(() => {
    date = `2026-10-${String((day += 1)).padStart(2, '0')}`;
    Object.assign(billing.province, { fault: 'none', queryFault: 'none', date });
  });

  const order = async (fault: ProvinceFixture['province']['fault'] = 'none') => {
    billing.province.fault = fault;
    const item = billing.remote(
      await billing.register({ msisdn: `1397350${String((serial += 1)).padStart(4, '0')}`, branch: HUNAN }),
    );
    await billing.post(item);
    if (fault === 'none') expect(await billing.final(item.key)).toMatchObject({ outcome: 'credited' });
    else await until(async () => ['unknown', 'refused'].includes(String((await billing.order(item.key))?.['state'])));
    return item.key;
  };
  const line = (reference: string, amount = 5000, kind = 'CREDIT') => `${kind}|${reference}|H1|${amount}|${AT}|DONE`;
  const write = (lines: string[], trailer?: string, on = date) => {
    const sum = lines.reduce((total, one) => total + Number(one.split('|')[3]), 0);
    const details = lines.map((one, index) => `D|${index + 1}|${one}`);
    const text = [`H|YC1|${HUNAN}|${on}|CNY`, ...details, trailer ?? `T|${lines.length}|${sum}`].join('\n') + '\n';
    billing.province.files.set(on, text);
    return text;
  };
  const ask = (over: object = {}) => billing.client.call('bss.credit_file', { branch: HUNAN, date, ...over });

  test('the same on both sides: archived with its hash, no difference, asked for once', async () => {
    const [one, two] = [await order(), await order()];
    const text = write([line(one), line(two)]);
    const reply = await ask();
    expect(reply).toMatchObject({ state: 'ready', version: 1, lines: 2, amount: '10000', agrees: true, settled: 0 });
    expect(reply).toMatchObject({ findings: [], differences: [], ours: '10000' });
    expect(reply.sha256).toBe(createHash('sha256').update(text).digest('hex'));
    const folder = join(billing.dir, 'archive', HUNAN, date);
    expect(readFileSync(join(folder, readdirSync(folder)[0] ?? ''), 'utf8')).toBe(text);
    const before = billing.province.asked(`/v1/credits/${date}`);
    await ask();
    expect(billing.province.asked(`/v1/credits/${date}`)).toBe(before);
  });

  test('credited there, unknown here: the file settles it, with its fact and without a second credit', async () => {
    const key = await order('silent_done');
    write([line(key)]);
    expect(await ask()).toMatchObject({ settled: 1, differences: [] });
    expect((await billing.client.call('topups.query', { items: [{ key }] })).items[0]).toMatchObject({
      outcome: 'credited',
    });
    expect(await billing.facts(key)).toMatchObject([{ kind: 'credited', amount: 5000n }]);
    const [move] = await billing.database.db.select(
      `SELECT evidence FROM bss_order_move WHERE ref_no = ? AND to_state = 'done'`,
      [key],
    );
    expect(move).toEqual({ evidence: `credit file of ${date}` });
    expect(billing.province.effectsOf(key)).toBe(1);
  });

  test('every other difference is a row of its class', async () => {
    const [absent, wrong, twice, refused] = [await order(), await order(), await order(), await order('refuse')];
    write([line(wrong, 5100), line(twice), line(twice), line(refused), line('26112399999999999999')]);
    const { differences, settled } = await ask();
    expect(settled).toBe(0);
    const named = differences.map((one) => [one.class, one.reference, one.ourState, one.ourAmount, one.theirAmount]);
    expect(named.sort()).toEqual(
      [
        ['amount_differs', wrong, 'done', '5000', '5100'],
        ['repeated', twice, 'done', '5000', '5000'],
        ['done_after_refusal', refused, 'refused', '5000', '5000'],
        ['not_asked_for', '26112399999999999999', null, null, '5000'],
        ['not_there', absent, 'done', '5000', null],
      ].sort(),
    );
  });

  test('another sum in the file settles no doubt', async () => {
    const key = await order('silent_done');
    write([line(key, 5100)]);
    expect(await ask()).toMatchObject({ settled: 0, differences: [{ class: 'amount_differs', ourState: 'unknown' }] });
    expect((await billing.client.call('topups.query', { items: [{ key }] })).items[0]).toMatchObject({
      outcome: 'pending',
    });
  });

  test('done on another of their dates', async () => {
    const key = await order();
    const other = '2026-09-30';
    write([line(key)], undefined, other);
    const reply = await billing.client.call('bss.credit_file', { branch: HUNAN, date: other });
    expect(reply.differences).toMatchObject([{ class: 'date_differs', reference: key }]);
    expect(reply.differencesNext).toBeUndefined();
    const behind = { branch: HUNAN, date: other, differencesAfter: 1 };
    expect((await billing.client.call('bss.credit_file', behind)).differences).toEqual([]);
  });

  test('takebacks stand in it with their sign', async () => {
    const key = await order();
    const [refund, undone] = [`${key}R01`, `${key}R02`];
    const item = (ref: string) => ({
      key: ref,
      paymentNo: key,
      kind: 'refund' as const,
      amount: '1000',
      currency: 'CNY' as const,
    });
    await billing.client.call('holds.place', { items: [item(refund), item(undone)] });
    await billing.client.call('holds.resolve', { items: [{ key: undone, paymentNo: key, action: 'void' }] });
    await until(async () => (await billing.order(undone, 'cancel'))?.['booked'] === 1);
    write([line(key), line(refund, -1000, 'REVERSAL'), line(undone, -1000, 'REVERSAL'), line(undone, 1000, 'CANCEL')]);
    expect(await ask()).toMatchObject({ agrees: true, amount: '4000', differences: [] });
  });

  test('a bad line is a finding, the rest is compared', async () => {
    const key = await order();
    write([line(key), line(key).replace('DONE', 'LATER')]);
    const reply = await ask();
    expect(reply).toMatchObject({ agrees: false, lines: 1, findings: [{ line: 3, reason: 'state' }], differences: [] });
    const [kept] = await billing.database.db.select('SELECT raw FROM bss_finding WHERE book_date = ?', [date]);
    expect(String(kept?.['raw'])).toBe(`D|2|${line(key).replace('DONE', 'LATER')}`);
  });

  test('not ready is asked again; nothing that day is an answer, and what we think done is then missing', async () => {
    const key = await order();
    expect(await ask()).toMatchObject({ state: 'not_ready', version: 0 });
    billing.province.files.set(date, '');
    expect(await ask()).toMatchObject({ state: 'none_today', differences: [{ class: 'not_there', reference: key }] });
  });

  test('changed bytes are another version; the first one stays', async () => {
    const key = await order();
    write([]);
    expect(await ask()).toMatchObject({ version: 1, differences: [{ class: 'not_there' }] });
    write([line(key)]);
    expect(await ask()).toMatchObject({ version: 1 });
    expect(await ask({ refetch: true })).toMatchObject({ version: 2, differences: [] });
    expect(await ask({ refetch: true })).toMatchObject({ version: 2 });
    const rows = await billing.database.db.select('SELECT version FROM bss_credit_file WHERE book_date = ?', [date]);
    expect(rows).toHaveLength(2);
  });

  test('its lines come page by page', async () => {
    const keys = [await order(), await order(), await order()];
    write(keys.map((key) => line(key)));
    const first = await ask({ after: 0, limit: 2 });
    expect(first.page?.lines.map(({ reference }) => reference)).toEqual(keys.slice(0, 2));
    const rest = await ask({ after: first.page?.next ?? 0, limit: 2 });
    expect(rest.page).toMatchObject({ lines: [{ reference: keys[2], amount: '5000', kind: 'CREDIT' }], next: null });
  });

  test('a province that does not answer says nothing about its file', async () => {
    await billing.province.vanish();
    expect(await ask()).toMatchObject({ state: 'unreachable' });
    await billing.province.listen();
    write([]);
    expect(await ask()).toMatchObject({ state: 'ready', lines: 0, agrees: true });
  });

  test('what waits is listed, and asked again by hand', async () => {
    const key = await order('silent_not_done');
    const { orders } = await billing.client.call('bss.orders', { branch: HUNAN });
    expect(orders).toContainEqual(expect.objectContaining({ reference: key, state: 'unknown', amount: '5000' }));
    billing.province.fault = 'none';
    await billing.client.call('bss.requery', { reference: key, kind: 'credit', actor: 'ops' });
    await until(async () => (await billing.order(key))?.['note'] === 'not found');
    await expect(
      billing.client.call('bss.requery', { reference: 'none', kind: 'credit', actor: 'ops' }),
    ).rejects.toThrow();
  });
});

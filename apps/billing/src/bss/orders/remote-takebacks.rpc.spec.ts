import type { TopupItem } from '@yidian/contracts';
import { HUNAN } from '../../testing/billing-fixture';
import type { Fault } from '../testing/played-province';
import { provinceFixture, type ProvinceFixture } from '../testing/province-fixture';
import { until } from '../testing/until';

const RECEIVABLE = `branch/${HUNAN}/receivable`;
const BSS = `branch/${HUNAN}/bss`;

describe('taking a credit back where a province keeps it', () => {
  let billing: ProvinceFixture;
  let serial = 0;
  beforeAll(async () => (billing = await provinceFixture()));
  afterAll(() => billing.close());
  beforeEach(() => {
    billing.province.fault = 'none';
    billing.province.queryFault = 'none';
    billing.province.chooses = undefined;
  });

  const credited = async (over: Partial<TopupItem> = {}): Promise<TopupItem> => {
    const subscriberId = await billing.register({
      msisdn: `1397310${String((serial += 1)).padStart(4, '0')}`,
      branch: HUNAN,
    });
    const item = billing.remote(subscriberId, over);
    await billing.post(item);
    expect(await billing.final(item.key)).toMatchObject({ outcome: 'credited' });
    return item;
  };
  const place = async (paymentNo: string, key: string, amount = '5000', kind: 'refund' | 'reversal' = 'refund') =>
    (await billing.client.call('holds.place', { items: [{ key, paymentNo, kind, amount, currency: 'CNY' }] })).items[0];
  const resolve = async (paymentNo: string, key: string, action: 'post' | 'void') =>
    (await billing.client.call('holds.resolve', { items: [{ key, paymentNo, action }] })).items[0];
  const balances = async () => [await billing.ledgerSum(RECEIVABLE), await billing.ledgerSum(BSS)];
  const nothingHeld = async () => {
    expect(await billing.ledgerSum(`held/${RECEIVABLE}`)).toBe(0n);
    expect(await billing.ledgerSum(`held/branch/${HUNAN}/promotion`)).toBe(0n);
    expect(await billing.ledgerSum(`held/${BSS}`)).toBe(0n);
  };

  test('a refund is held when the province has taken it, and posted with its fact', async () => {
    const before = await balances();
    const { key } = await credited();
    expect(await place(key, `${key}R01`, '2000')).toMatchObject({ outcome: 'held', replay: false });
    expect(billing.province.effectsOf(`${key}R01`, 'REVERSAL')).toBe(1);
    expect(await place(key, `${key}R01`, '2000')).toMatchObject({ outcome: 'held', replay: true });
    expect(await resolve(key, `${key}R01`, 'post')).toMatchObject({ outcome: 'posted' });
    expect(await resolve(key, `${key}R01`, 'post')).toMatchObject({ outcome: 'posted', replay: true });
    expect(await resolve(key, `${key}R01`, 'void')).toMatchObject({ outcome: 'conflict' });
    expect(await billing.facts(key)).toMatchObject([
      { kind: 'credited', amount: 5000n },
      { kind: 'credit_reversed', amount: 2000n, refNo: `${key}R01` },
    ]);
    expect(await balances()).toEqual([before[0]! - 3000n, before[1]! + 3000n]);
    expect(billing.province.effectsOf(`${key}R01`, 'REVERSAL')).toBe(1);
    await nothingHeld();
  });

  test('refused by the province: nothing is held, and the credit stands', async () => {
    const { key } = await credited();
    const before = await balances();
    billing.province.fault = 'refuse';
    expect(await place(key, `${key}R01`)).toMatchObject({ outcome: 'rejected', reason: 'number_closed' });
    expect(await balances()).toEqual(before);
    billing.province.fault = 'none';
    expect(await place(key, `${key}R01`)).toMatchObject({ outcome: 'rejected', reason: 'number_closed', replay: true });
    expect(await place(key, `${key}R02`)).toMatchObject({ outcome: 'held' });
    expect(await resolve(key, `${key}R02`, 'post')).toMatchObject({ outcome: 'posted' });
    await nothingHeld();
  });

  test('no answer is unknown, and never held; the same number is asked about and taken once', async () => {
    const { key } = await credited();
    billing.province.fault = 'silent_done';
    expect(await place(key, `${key}R01`)).toMatchObject({ outcome: 'unknown' });
    expect(await resolve(key, `${key}R01`, 'post')).toMatchObject({ outcome: 'busy' });
    billing.province.fault = 'none';
    await until(async () => (await billing.order(`${key}R01`, 'reversal'))?.['state'] === 'unknown');
    await billing.hurry(`${key}R01`, 'reversal');
    await until(async () => (await billing.order(`${key}R01`, 'reversal'))?.['state'] === 'done');
    expect(await place(key, `${key}R01`)).toMatchObject({ outcome: 'held' });
    expect(billing.province.effectsOf(`${key}R01`, 'REVERSAL')).toBe(1);
    expect(await resolve(key, `${key}R01`, 'post')).toMatchObject({ outcome: 'posted' });
  });

  test('whatever the province does with a takeback, it is taken once and then held', async () => {
    const faults = [
      'silent_done',
      'silent_not_done',
      'error_before',
      'error_after',
      'cut_after',
      'wrong_amount',
    ] as const;
    const more = ['wrong_reference', 'unlisted_status', 'forged', 'not_json'] as const;
    const cases: { key: string; fault: Fault }[] = [];
    for (const fault of [...faults, ...more]) cases.push({ key: (await credited()).key, fault });
    billing.province.chooses = (reference) => cases.find(({ key }) => reference.startsWith(key))?.fault ?? 'none';
    const answers = await Promise.all(cases.map(({ key }) => place(key, `${key}R01`)));
    expect(answers.map((answer) => answer?.outcome)).toEqual(cases.map(() => 'unknown'));
    billing.province.chooses = undefined;
    for (const { key } of cases)
      await until(async () => {
        await billing.hurry(`${key}R01`, 'reversal');
        return (await billing.order(`${key}R01`, 'reversal'))?.['booked'] === 1;
      }, 10_000);
    for (const { key } of cases) {
      expect(await place(key, `${key}R01`)).toMatchObject({ outcome: 'held', charged: '5000' });
      expect(billing.province.effectsOf(`${key}R01`, 'REVERSAL')).toBe(1);
      expect(await resolve(key, `${key}R01`, 'post')).toMatchObject({ outcome: 'posted' });
    }
    await nothingHeld();
  });

  test('a discount goes back to its bearer with its share, and comes back when the refund does not happen', async () => {
    const promotion = () => billing.ledgerSum(`branch/${HUNAN}/promotion`);
    const before = [await promotion(), ...(await balances())] as const;
    const discounts = [{ bearer: 'home' as const, amount: '1000' }];
    const { key } = await credited({ face: '5000', charged: '4000', discounts });
    expect([await promotion(), ...(await balances())]).toEqual([
      before[0] - 1000n,
      before[1]! - 4000n,
      before[2]! + 5000n,
    ]);
    expect(await place(key, `${key}R01`, '2500')).toMatchObject({ outcome: 'held', charged: '2000' });
    expect(await resolve(key, `${key}R01`, 'void')).toMatchObject({ outcome: 'voided' });
    expect(await place(key, `${key}R02`, '2500')).toMatchObject({ outcome: 'held', charged: '2000' });
    expect(await resolve(key, `${key}R02`, 'post')).toMatchObject({ outcome: 'posted' });
    expect([await promotion(), ...(await balances())]).toEqual([
      before[0] - 500n,
      before[1]! - 2000n,
      before[2]! + 2500n,
    ]);
    await nothingHeld();
  });

  test('all takebacks together never pass the credit', async () => {
    const { key } = await credited();
    const answers = await Promise.all([1, 2, 3, 4].map((n) => place(key, `${key}R0${n}`, '2000')));
    expect(answers.filter((answer) => answer?.outcome === 'held')).toHaveLength(2);
    expect(answers.filter((answer) => answer?.reason === 'refund_exceeds_paid')).toHaveLength(2);
    expect(
      billing.province.effects.filter((one) => one.kind === 'REVERSAL' && one.reference.startsWith(key)),
    ).toHaveLength(2);
    for (const n of [1, 2, 3, 4]) await resolve(key, `${key}R0${n}`, 'void');
    await nothingHeld();
  });

  test('the provider refused: what the province took is put back there first', async () => {
    const { key } = await credited();
    const before = await balances();
    expect(await place(key, `${key}R01`)).toMatchObject({ outcome: 'held' });
    billing.province.fault = 'silent_done';
    expect(await resolve(key, `${key}R01`, 'void')).toMatchObject({ outcome: 'busy' });
    billing.province.fault = 'none';
    await until(async () => (await billing.order(`${key}R01`, 'cancel'))?.['state'] === 'unknown');
    await billing.hurry(`${key}R01`, 'cancel');
    await until(async () => (await billing.order(`${key}R01`, 'cancel'))?.['booked'] === 1);
    expect(await resolve(key, `${key}R01`, 'void')).toMatchObject({ outcome: 'voided' });
    expect(billing.province.effectsOf(`${key}R01`, 'CANCEL')).toBe(1);
    expect(await balances()).toEqual(before);
    expect(await place(key, `${key}R02`)).toMatchObject({ outcome: 'held' });
    await resolve(key, `${key}R02`, 'void');
    await nothingHeld();
  });

  test('a hold given up while the province is silent is undone whatever the province did', async () => {
    const { key } = await credited();
    billing.province.fault = 'silent_done';
    expect(await place(key, `${key}R01`)).toMatchObject({ outcome: 'unknown' });
    expect(await resolve(key, `${key}R01`, 'void')).toMatchObject({ outcome: 'busy' });
    billing.province.fault = 'none';
    await until(async () => (await billing.order(`${key}R01`, 'reversal'))?.['state'] === 'unknown');
    await billing.hurry(`${key}R01`, 'reversal');
    await until(async () => (await resolve(key, `${key}R01`, 'void'))?.outcome === 'voided');
    expect(billing.province.effectsOf(`${key}R01`, 'REVERSAL')).toBe(1);
    expect(billing.province.effectsOf(`${key}R01`, 'CANCEL')).toBe(1);
    await nothingHeld();
  });

  test('a hold given up that the province never saw: asked twice after its delay, then undone without it', async () => {
    const { key } = await credited();
    billing.province.fault = 'silent_not_done';
    expect(await place(key, `${key}R01`)).toMatchObject({ outcome: 'unknown' });
    await resolve(key, `${key}R01`, 'void');
    await until(async () => (await billing.order(`${key}R01`, 'reversal'))?.['state'] === 'unknown');
    await billing.hurry(`${key}R01`, 'reversal');
    await until(async () => Number((await billing.order(`${key}R01`, 'reversal'))?.['missing']) === 1);
    expect(await resolve(key, `${key}R01`, 'void')).toMatchObject({ outcome: 'busy' });
    await billing.hurry(`${key}R01`, 'reversal');
    await until(async () => (await resolve(key, `${key}R01`, 'void'))?.outcome === 'voided');
    expect(
      billing.province.requests.filter(({ body }) => body['reference'] === `${key}R01`).map(({ path }) => path),
    ).toEqual(['/v1/reversals', '/v1/reversals/query', '/v1/reversals/query']);
    expect(await place(key, `${key}R01`)).toMatchObject({ outcome: 'voided' });
    await nothingHeld();
  });

  test('a void that comes before its hold leaves a tombstone: nobody is asked', async () => {
    const { key } = await credited();
    expect(await resolve(key, `${key}R01`, 'void')).toMatchObject({ outcome: 'voided' });
    expect(await place(key, `${key}R01`)).toMatchObject({ outcome: 'voided' });
    expect(billing.province.effectsOf(`${key}R01`, 'REVERSAL')).toBe(0);
  });

  test('while the credit is pending nothing is stored against it; of a refused one nothing is taken', async () => {
    const subscriberId = await billing.register({ msisdn: '13973109999', branch: HUNAN });
    billing.province.fault = 'silent_done';
    const item = billing.remote(subscriberId);
    await billing.post(item);
    expect(await place(item.key, `${item.key}R01`)).toMatchObject({ outcome: 'not_found' });
    billing.province.fault = 'refuse';
    const other = billing.remote(subscriberId);
    await billing.post(other);
    await billing.final(other.key);
    expect(await place(other.key, `${other.key}R01`)).toMatchObject({ outcome: 'rejected', reason: 'state_conflict' });
  });

  test('a reversal takes the whole or nothing', async () => {
    const { key } = await credited();
    expect(await place(key, `${key}V01`, '2000', 'reversal')).toMatchObject({
      outcome: 'rejected',
      reason: 'state_conflict',
    });
    expect(await place(key, `${key}V01`, '5000', 'reversal')).toMatchObject({ outcome: 'held' });
    expect(await resolve(key, `${key}V01`, 'post')).toMatchObject({ outcome: 'posted' });
  });

  test('a forced reversal after a resolution is taken by the province once, then stands in the book', async () => {
    const { key } = await credited();
    const reverse = async (amount = '5000') =>
      (
        await billing.client.call('credits.reverse', {
          items: [{ key: `res-${key}`, paymentNo: key, amount, currency: 'CNY', reason: 'short', actor: 'clerk.b' }],
        })
      ).items[0];
    billing.province.fault = 'silent_done';
    expect(await reverse()).toMatchObject({ outcome: 'unknown' });
    billing.province.fault = 'none';
    await until(async () => (await billing.order(`res-${key}`, 'reversal'))?.['state'] === 'unknown');
    await billing.hurry(`res-${key}`, 'reversal');
    await until(async () => (await reverse())?.outcome === 'posted');
    expect(await reverse('4000')).toMatchObject({ outcome: 'conflict', reason: 'amount' });
    expect(billing.province.effectsOf(`res-${key}`, 'REVERSAL')).toBe(1);
    expect(billing.province.requests.find(({ body }) => body['reference'] === `res-${key}`)?.body).toMatchObject({
      purpose: 'correction',
      credit: key,
    });
    expect(await billing.facts(key)).toMatchObject([
      { kind: 'credited' },
      { kind: 'credit_reversed', refNo: `res-${key}` },
    ]);
    await nothingHeld();
  });

  test('the books verify', async () => {
    expect(await billing.client.call('ledger.verify', {})).toMatchObject({ ok: true });
  });
});

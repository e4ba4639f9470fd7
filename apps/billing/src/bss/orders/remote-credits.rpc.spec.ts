import { HUNAN, OPEN_DATE } from '../../testing/billing-fixture';
import type { Fault } from '../testing/played-province';
import { provinceFixture, type ProvinceFixture } from '../testing/province-fixture';
import { until } from '../testing/until';

const RECEIVABLE = `branch/${HUNAN}/receivable`;
const BSS = `branch/${HUNAN}/bss`;

describe('a credit of a branch with its own billing system', () => {
  let billing: ProvinceFixture;
  let serial = 0;
  beforeAll(async () => (billing = await provinceFixture()));
  afterAll(() => billing.close());
  beforeEach(() => {
    billing.province.fault = 'none';
    billing.province.queryFault = 'none';
  });
  const subscriber = () =>
    billing.register({ msisdn: `1397300${String((serial += 1)).padStart(4, '0')}`, branch: HUNAN });

  test('is answered pending at once and credited when the province said so, with its fact', async () => {
    const before = [await billing.ledgerSum(RECEIVABLE), await billing.ledgerSum(BSS)] as const;
    const item = billing.remote(await subscriber());
    const [pending] = await billing.post(item);
    expect(pending).toMatchObject({ key: item.key, outcome: 'pending' });
    expect(await billing.final(item.key)).toMatchObject({ outcome: 'credited', balanceAfter: '6000' });
    expect((await billing.post(item))[0]).toMatchObject({ outcome: 'credited', replay: true });
    expect(billing.province.effectsOf(item.key)).toBe(1);
    expect(await billing.facts(item.key)).toEqual([
      { kind: 'credited', amount: 5000n, refNo: '', provider: 'bank_a', bookDate: OPEN_DATE },
    ]);
    expect(await billing.ledgerSum(RECEIVABLE)).toBe(before[0] - 5000n);
    expect(await billing.ledgerSum(BSS)).toBe(before[1] + 5000n);
    expect(await billing.ledgerSum(`held/${BSS}`)).toBe(0n);
  });

  /** fault × what the province did × how it ends; every one of them through the ladder if the answer is none. */
  const ends: [Fault, number, string][] = [
    ['silent_done', 1, 'credited'],
    ['silent_not_done', 1, 'credited'],
    ['error_before', 1, 'credited'],
    ['error_after', 1, 'credited'],
    ['cut_after', 1, 'credited'],
    ['wrong_amount', 1, 'credited'],
    ['wrong_reference', 1, 'credited'],
    ['unlisted_status', 1, 'credited'],
    ['forged', 1, 'credited'],
    ['not_json', 1, 'credited'],
    ['refuse', 0, 'rejected'],
  ];
  test.each(ends)('%s: %i effect, %s', async (fault, effects, outcome) => {
    billing.province.fault = fault;
    const item = billing.remote(await subscriber());
    expect((await billing.post(item))[0]).toMatchObject({ outcome: 'pending' });
    if (fault === 'refuse') await until(async () => (await billing.order(item.key))?.['state'] === 'refused');
    else {
      await until(async () => (await billing.order(item.key))?.['state'] === 'unknown');
      expect((await billing.post(item))[0]).toMatchObject({ outcome: 'pending' });
      expect(await billing.facts(item.key)).toEqual([]);
    }
    billing.province.fault = 'none';
    const final = await billing.final(item.key);
    expect(final).toMatchObject({ outcome });
    expect(billing.province.effectsOf(item.key)).toBe(effects);
    const kind = outcome === 'credited' ? 'credited' : 'credit_rejected';
    expect(await billing.facts(item.key)).toMatchObject([{ kind, amount: 5000n }]);
    if (outcome === 'rejected') expect(final.reason).toBe('number_closed');
    expect(await billing.ledgerSum(`held/${BSS}`)).toBe(0n);
  });

  test('a refusal releases what was pending; the key stays refused', async () => {
    const before = await billing.ledgerSum(RECEIVABLE);
    billing.province.fault = 'refuse';
    const item = billing.remote(await subscriber());
    await billing.post(item);
    expect(await billing.final(item.key)).toMatchObject({ outcome: 'rejected', reason: 'number_closed' });
    expect(await billing.ledgerSum(RECEIVABLE)).toBe(before);
    billing.province.fault = 'none';
    expect((await billing.post(item))[0]).toMatchObject({ outcome: 'rejected', replay: true });
    expect(billing.province.effectsOf(item.key)).toBe(0);
  });

  test('what the province is still working on is asked about until it has a word', async () => {
    billing.province.fault = 'pending';
    const item = billing.remote(await subscriber());
    await billing.post(item);
    await until(async () => (await billing.order(item.key))?.['state'] === 'unknown');
    await billing.hurry(item.key);
    await until(async () => Number((await billing.order(item.key))?.['asked']) >= 1);
    expect((await billing.post(item))[0]).toMatchObject({ outcome: 'pending' });
    billing.province.settle(item.key);
    expect(await billing.final(item.key)).toMatchObject({ outcome: 'credited' });
    expect(billing.province.effectsOf(item.key)).toBe(1);
  });

  test('the same key with another sum is a conflict that names the field', async () => {
    const item = billing.remote(await subscriber());
    await billing.post(item);
    expect((await billing.post({ ...item, face: '6000', charged: '6000' }))[0]).toMatchObject({
      outcome: 'conflict',
      reason: 'charged',
    });
    await billing.final(item.key);
    expect(billing.province.effectsOf(item.key)).toBe(1);
  });

  test('64 at once: one effect, equal answers', async () => {
    const item = billing.remote(await subscriber());
    const answers = await Promise.all(Array.from({ length: 64 }, () => billing.post(item)));
    expect(new Set(answers.map(([answer]) => answer?.outcome))).toEqual(new Set(['pending']));
    expect(await billing.final(item.key)).toMatchObject({ outcome: 'credited' });
    expect(billing.province.effectsOf(item.key)).toBe(1);
    expect(billing.province.requests.filter(({ body }) => body['reference'] === item.key)).toHaveLength(1);
  });

  test('our own data refuse before anybody is asked', async () => {
    const closed = await billing.register({ msisdn: '13973009999', branch: HUNAN, status: 'closed' });
    const item = billing.remote(closed);
    expect((await billing.post(item))[0]).toMatchObject({ outcome: 'rejected', reason: 'number_closed' });
    expect(await billing.order(item.key)).toBeUndefined();
  });

  test('a province that cannot be reached: nothing left us, it is sent when the province is back', async () => {
    await billing.province.vanish();
    const item = billing.remote(await subscriber());
    expect((await billing.post(item))[0]).toMatchObject({ outcome: 'pending' });
    await until(async () => (await billing.order(item.key))?.['note'] !== '');
    expect(await billing.order(item.key)).toMatchObject({ state: 'requested', sends: 0 });
    await billing.province.listen();
    expect(await billing.final(item.key)).toMatchObject({ outcome: 'credited' });
    expect(billing.province.effectsOf(item.key)).toBe(1);
  });

  test('in maintenance nothing is sent; a credit asked before is still answered', async () => {
    const setStatus = (status: 'open' | 'maintenance') =>
      billing.client.call('branches.setStatus', { branch: HUNAN, status, actor: 'ops', reason: 'drill' });
    billing.province.fault = 'silent_done';
    const [before, after] = [billing.remote(await subscriber()), billing.remote(await subscriber())];
    await billing.post(before);
    await setStatus('maintenance');
    expect(await billing.post(before, after)).toMatchObject([{ outcome: 'pending' }, { outcome: 'maintenance' }]);
    billing.province.fault = 'none';
    expect(await billing.final(before.key)).toMatchObject({ outcome: 'credited' });
    await setStatus('open');
    await billing.post(after);
    expect(await billing.final(after.key)).toMatchObject({ outcome: 'credited' });
  });

  test('the books verify', async () => {
    expect(await billing.client.call('ledger.verify', {})).toMatchObject({ ok: true });
  });
});

import { HUNAN } from '../../testing/billing-fixture';
import { provinceFixture, type ProvinceFixture } from '../testing/province-fixture';
import { until } from '../testing/until';

describe('giving up a credit that a province may have carried out', () => {
  let billing: ProvinceFixture;
  let serial = 0;
  beforeEach(() => {
    billing.province.fault = 'none';
    billing.province.queryFault = 'none';
  });
  const pending = async (fault: ProvinceFixture['province']['fault']) => {
    billing.province.fault = fault;
    const item = billing.remote(
      await billing.register({ msisdn: `1397320${String((serial += 1)).padStart(4, '0')}`, branch: HUNAN }),
    );
    await billing.post(item);
    return item;
  };
  const giveUp = async (key: string) => {
    const origin = {
      provider: 'bank_a',
      branch: HUNAN,
      acquiringBranch: HUNAN,
      channel: 'sms',
      partner: '',
      face: '5000',
    } as const;
    return (await billing.client.call('topups.void', { items: [{ key, origin }] })).items[0];
  };
  const unknown = (key: string) => until(async () => (await billing.order(key))?.['state'] === 'unknown');

  describe('at a province that promises one effect per reference', () => {
    beforeAll(async () => (billing = await provinceFixture()));
    afterAll(() => billing.close());

    test('before the request came: a tombstone, and the late request meets it', async () => {
      const item = billing.remote(await billing.register({ msisdn: '13973209999', branch: HUNAN }));
      expect(await giveUp(item.key)).toMatchObject({ outcome: 'voided' });
      expect((await billing.post(item))[0]).toMatchObject({ outcome: 'voided' });
      expect(billing.province.effectsOf(item.key)).toBe(0);
      expect(await billing.facts(item.key)).toMatchObject([{ kind: 'credit_voided' }]);
    });

    test('sent and silent: it stays pending; the province did it, so it is credited', async () => {
      const { key } = await pending('silent_done');
      await unknown(key);
      expect(await giveUp(key)).toMatchObject({ outcome: 'pending' });
      expect(await billing.facts(key)).toEqual([]);
      expect(await billing.final(key)).toMatchObject({ outcome: 'credited' });
      expect(await giveUp(key)).toMatchObject({ outcome: 'credited' });
      expect(billing.province.effectsOf(key)).toBe(1);
    });

    test('sent and silent: not found counts after the documented delay, twice; then it is voided and never sent again', async () => {
      const { key } = await pending('silent_not_done');
      await unknown(key);
      expect(await giveUp(key)).toMatchObject({ outcome: 'pending' });
      billing.province.fault = 'none';
      expect(await billing.final(key)).toMatchObject({ outcome: 'voided' });
      expect(await billing.facts(key)).toMatchObject([{ kind: 'credit_voided', amount: 5000n }]);
      expect(billing.province.effectsOf(key)).toBe(0);
      expect(await billing.ledgerSum(`held/branch/${HUNAN}/bss`)).toBe(0n);
    });

    test('not found within the documented delay does not count, however often', async () => {
      const { key } = await pending('silent_not_done');
      await unknown(key);
      await giveUp(key);
      for (let asked = 1; asked <= 3; asked++) {
        await billing.database.db.run("UPDATE bss_order SET due_at = NOW(3), note = '' WHERE ref_no = ?", [key]);
        billing.kick();
        await until(async () => (await billing.order(key))?.['note'] === 'not found');
      }
      expect(await billing.order(key)).toMatchObject({ state: 'unknown', asked: 3, missing: 0 });
      expect(await giveUp(key)).toMatchObject({ outcome: 'pending' });
    });

    test('never sent: given up at once', async () => {
      await billing.province.vanish();
      const { key } = await pending('none');
      await until(async () => (await billing.order(key))?.['note'] !== '');
      expect(await giveUp(key)).toMatchObject({ outcome: 'voided' });
      await billing.province.listen();
      await billing.hurry(key);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(billing.province.effectsOf(key)).toBe(0);
      expect(await billing.facts(key)).toMatchObject([{ kind: 'credit_voided' }]);
    });
  });

  describe('at a province that promises nothing about repeats', () => {
    beforeAll(async () => (billing = await provinceFixture({ idempotent: false })));
    afterAll(() => billing.close());

    test('what is not found is never sent again: it waits for people', async () => {
      const { key } = await pending('silent_not_done');
      await unknown(key);
      billing.province.fault = 'none';
      for (let looks = 1; looks <= 2; looks++) {
        await billing.hurry(key);
        await until(async () => Number((await billing.order(key))?.['missing']) === looks);
      }
      await until(async () => (await billing.order(key))?.['due_at'] === null);
      expect((await billing.client.call('topups.query', { items: [{ key }] })).items[0]).toMatchObject({
        outcome: 'pending',
      });
      expect(
        billing.province.requests.filter((one) => one.path === '/v1/credits' && one.body['reference'] === key),
      ).toHaveLength(1);
      // People decide that it is given up: asked once more, then it is.
      await giveUp(key);
      expect(await billing.final(key)).toMatchObject({ outcome: 'voided' });
    });
  });
});

import { HUNAN } from '../testing/billing-fixture';
import { provinceFixture, type ProvinceFixture } from './testing/province-fixture';

describe('numbers of a branch with its own billing system', () => {
  let billing: ProvinceFixture;
  const msisdn = '13973700001';
  beforeAll(async () => {
    billing = await provinceFixture({ lookupMs: 300, breakAfter: 3, breakForMs: 60_000 });
    await billing.register({ msisdn, branch: HUNAN, balance: '990000' });
    await billing.register({ msisdn: '13900700001', balance: '1210' });
    billing.province.balances.set(msisdn, 4_321);
  });
  afterAll(() => billing.close());

  const look = async (...items: { msisdn: string; live?: boolean }[]) =>
    (await billing.client.call('numbers.lookup', { items })).items.map(({ found }) => found);

  test('are found without asking anybody; the balance is not ours to say', async () => {
    const asked = billing.province.requests.length;
    const [found] = await look({ msisdn });
    expect(found).toMatchObject({
      owner: '王*兰',
      branch: { code: HUNAN },
      status: 'active',
      balance: null,
      amountDue: null,
    });
    expect(billing.province.requests.length).toBe(asked);
  });

  test('live: the province says the balance', async () => {
    expect(await look({ msisdn, live: true })).toMatchObject([{ balance: '4321' }]);
    expect(await look({ msisdn: '13900700001', live: true })).toMatchObject([{ balance: '1210' }]);
  });

  test('a number that it does not know is found as we know it', async () => {
    await billing.register({ msisdn: '13973700002', branch: HUNAN });
    expect(await look({ msisdn: '13973700002', live: true })).toMatchObject([{ status: 'active', balance: null }]);
  });

  test('what was there before it kept its own balances is not given by us', async () => {
    const [row] = await billing.database.db.select<{ total: bigint | null }>(
      `SELECT SUM(amount) AS total FROM transfer WHERE debit = ?`,
      [`branch/${HUNAN}/opening`],
    );
    expect(BigInt(row?.total ?? 0)).toBe(0n);
  });

  test('a silent province costs one short wait, then none: the balance is missing, everything else is there', async () => {
    billing.province.queryFault = 'silent';
    for (let looks = 0; looks < 3; looks++) {
      const started = performance.now();
      expect(await look({ msisdn, live: true })).toMatchObject([{ balance: null, owner: '王*兰' }]);
      expect(performance.now() - started).toBeLessThan(2_000);
    }
    const asked = billing.province.asked('/v1/numbers/query');
    expect(await look({ msisdn, live: true })).toMatchObject([{ balance: null }]);
    expect(billing.province.asked('/v1/numbers/query')).toBe(asked);
  });
});

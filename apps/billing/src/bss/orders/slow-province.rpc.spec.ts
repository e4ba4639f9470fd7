import { HUNAN } from '../../testing/billing-fixture';
import { provinceFixture, type ProvinceFixture } from '../testing/province-fixture';
import { until } from '../testing/until';

/** Hunan answers in 30 s; it has 4 places and a deadline of 5 s. */
describe('a province that is slow', () => {
  let billing: ProvinceFixture;
  beforeAll(async () => (billing = await provinceFixture({ deadlineMs: 5_000 })));
  afterAll(() => billing.close());

  test('is nobody else’s wait: 200 top-ups of other branches beside 60 of its own', async () => {
    const local = await Promise.all(
      Array.from({ length: 20 }, (_, n) => billing.register({ msisdn: `1390002${String(n).padStart(4, '0')}` })),
    );
    const remote = await billing.register({ msisdn: '13973300001', branch: HUNAN });
    await timed(() => billing.post(billing.topup({ subscriberId: local[0] ?? '' }))); // warm
    const alone = await frames(local, []);
    billing.province.fault = 'slow';
    const waiting = Array.from({ length: 60 }, () => billing.remote(remote));
    const beside = await frames(local, waiting);
    expect(beside.answers.filter(({ outcome }) => outcome === 'credited')).toHaveLength(200);
    expect(beside.answers.filter(({ outcome }) => outcome === 'pending')).toHaveLength(60);
    // Nothing of the province's five seconds: only the rows that its own items cost.
    expect(beside.slowest).toBeLessThan(Math.max(1_000, alone.slowest * 5));
    await until(() => billing.province.asked('/v1/credits') === 4);
    const rows = await billing.database.db.select(
      'SELECT state, COUNT(*) AS n, SUM(pledged) AS pledged FROM bss_order GROUP BY state ORDER BY state',
    );
    expect(rows.map((row) => [row['state'], Number(row['n']), Number(row['pledged'])])).toEqual([
      ['requested', 56, 56],
      ['sent', 4, 4],
    ]);
    expect(await timed(() => billing.post(billing.topup({ subscriberId: local[1] ?? '' })))).toBeLessThan(1_000);
  });

  /** 20 frames of ten local items and three of the province each, four at a time. */
  async function frames(local: readonly string[], remote: ReturnType<ProvinceFixture['remote']>[]) {
    let slowest = 0;
    const answers = (
      await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          const own = Array.from({ length: 10 }, (__, k) =>
            billing.topup({ subscriberId: local[(n + k) % local.length] ?? '' }),
          );
          const started = performance.now();
          const answered = await billing.post(...own, ...remote.slice(n * 3, n * 3 + 3));
          slowest = Math.max(slowest, performance.now() - started);
          return answered;
        }),
      )
    ).flat();
    return { answers, slowest };
  }
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

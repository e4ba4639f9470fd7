import type { NumbersCompared } from '@yidian/contracts';
import { HUNAN, HUBEI } from '../testing/billing-fixture';
import { judgeNumber } from './compare-numbers';
import type { HeldNumber } from './parties.store';
import { provinceFixture, type ProvinceFixture } from './testing/province-fixture';
import type { NumberWord } from './wire/words';

const DATE = '2026-10-09';

describe('numbers as their province says', () => {
  let billing: ProvinceFixture;
  beforeAll(async () => {
    billing = await provinceFixture();
    billing.province.date = DATE;
  });
  afterAll(() => billing.close());

  const credited = async (msisdn: string) => {
    const subscriberId = await billing.register({ msisdn, branch: HUNAN });
    const item = billing.remote(subscriberId);
    await billing.post(item);
    expect(await billing.final(item.key)).toMatchObject({ outcome: 'credited' });
    return subscriberId;
  };
  const ask = (over: object = {}) => billing.client.call('bss.compare_numbers', { branch: HUNAN, date: DATE, ...over });

  test('those credited on the date are asked about, page by page, and those named', async () => {
    const known = await credited('13973700101');
    const lost = await credited('13973700102');
    const named = await billing.register({ msisdn: '13973700103', branch: HUNAN });
    billing.province.balances.set('13973700101', 1);
    billing.province.balances.delete('13973700102');
    const first = await ask({ limit: 1, also: [named] });
    expect(first).toMatchObject({ asked: 2, unanswered: [], next: '13973700101' });
    expect(first.differences).toMatchObject([{ subscriberId: named, class: 'number_only_here' }]);
    const second = await ask({ limit: 1, also: [named], after: first.next });
    expect(second.differences).toEqual([
      {
        ...{ subscriberId: lost, number: '139****0102', class: 'number_only_here' },
        ...{ ours: 'active', theirs: 'unknown' },
      },
    ]);
    expect((await ask()).differences.map(({ subscriberId }) => subscriberId)).not.toContain(known);
  });

  test('every number of the branch, credited or not, page by page to the last', async () => {
    const asked: string[] = [];
    const differing: string[] = [];
    let pages = 0;
    for (let after: string | null = ''; after !== null; pages++) {
      const page: NumbersCompared = await ask({ every: true, limit: 2, after });
      expect(page.asked).toBe(page.same.length + page.differences.length + page.unanswered.length);
      asked.push(...page.same, ...page.differences.map(({ subscriberId }) => subscriberId));
      differing.push(...page.differences.map(({ number, class: cls }) => `${number} ${cls}`));
      after = page.next;
    }
    expect([asked.length, new Set(asked).size, pages]).toEqual([3, 3, 2]);
    expect(differing.sort()).toEqual(['139****0102 number_only_here', '139****0103 number_only_here']);
  });

  test('a page of credited numbers that have left the branch since is not the last', async () => {
    const { db } = billing.database;
    const left = "UPDATE number_owner SET is_open = ? WHERE msisdn = '13973700101'";
    await db.run(left, [null]);
    expect(await ask({ limit: 1 })).toMatchObject({ asked: 0, next: '13973700101' });
    await db.run(left, [1]);
  });

  test('no answer is no difference', async () => {
    billing.province.queryFault = 'silent';
    const { asked, unanswered, differences } = await ask();
    expect([asked, unanswered.length, differences]).toEqual([2, 2, []]);
    billing.province.queryFault = 'none';
  });

  test('which branches have their own system, and only they are asked', async () => {
    expect(await billing.client.call('bss.branches', {})).toEqual({ branches: [HUNAN] });
    await expect(ask({ branch: HUBEI })).rejects.toThrow(/own/);
  });

  const held = (status: HeldNumber['status']): HeldNumber => ({
    ...{ subscriberId: 's1', msisdn: '13973700001', owner: '王*兰', status },
  });
  test.each<[HeldNumber['status'], NumberWord['status'], string | null, string | null]>([
    ['active', 'active', '王*兰', null],
    ['active', 'active', null, null],
    ['active', 'active', '李*', 'number_owner'],
    ['active', 'suspended', '王*兰', 'number_status'],
    ['suspended', 'active', '王*兰', 'number_status'],
    ['active', 'closed', '王*兰', 'number_status'],
    ['active', 'unknown', null, 'number_only_here'],
    ['closed', 'unknown', null, null],
    ['ported_out', 'closed', null, null],
    ['recycled', 'active', '李*', 'number_status'],
  ])('here %s, there %s of %s: %s', (ours, status, owner, cls) => {
    expect(judgeNumber(held(ours), { status, owner, balance: null })?.class ?? null).toBe(cls);
  });
});

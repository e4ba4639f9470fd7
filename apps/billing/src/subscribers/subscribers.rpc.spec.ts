import type { Db } from '@yidian/database';
import { billingFixture, GUANGDONG, HUBEI, HUNAN, type BillingFixture } from '../testing/billing-fixture';
import { SubscribersStore } from './subscribers.store';

describe('numbers and subscribers over RPC', () => {
  let billing: BillingFixture;
  beforeAll(async () => (billing = await billingFixture()));
  afterAll(() => billing.close());

  const lookup = async (...msisdns: string[]) =>
    (await billing.client.call('numbers.lookup', { items: msisdns.map((msisdn) => ({ msisdn })) })).items;

  test('a number is found with its branch, a masked owner and what it accepts', async () => {
    const subscriberId = await billing.register({ msisdn: '13900000000', balance: '1210' });
    expect(await lookup('13900000000', '13999999999')).toEqual([
      {
        msisdn: '13900000000',
        found: {
          subscriberId,
          branch: { code: HUBEI, nameZh: '湖北', nameEn: 'Hubei' },
          status: 'active',
          plan: 'prepaid',
          owner: '王*兰',
          ownerVersion: 1,
          balance: '1210',
          amountDue: null,
          accepts: { min: '1000', max: '50000', step: '100' },
          maintenance: false,
        },
      },
      { msisdn: '13999999999' },
    ]);
  });

  test('in brief: the same holder and limits, no balance; what is owed still limits a number that is being closed', async () => {
    await billing.register({ msisdn: '13900000077', balance: '1210' });
    await billing.register({ msisdn: '13900000078', balance: '0', status: 'pre_closed' });
    const items = ['13900000077', '13900000078', '13999999999'].map((msisdn) => ({ msisdn, brief: true }));
    const [active, closing, nobody] = (await billing.client.call('numbers.lookup', { items })).items;
    const [wholeActive, wholeClosing] = await lookup('13900000077', '13900000078');
    expect(active?.found).toEqual({ ...wholeActive?.found, balance: null });
    expect(closing).toEqual(wholeClosing);
    expect(nobody).toEqual({ msisdn: '13999999999' });
  });

  test('registering again changes nothing and gives no second opening balance', async () => {
    const first = await billing.register({ msisdn: '13900000001', balance: '3000' });
    expect(await billing.register({ msisdn: '13900000001', balance: '3000' })).toBe(first);
    expect(await billing.register({ msisdn: '13900000001', balance: '9000' })).toBe(first);
    expect((await lookup('13900000001'))[0]?.found?.balance).toBe('3000');
  });

  test('a number registered with nothing is given nothing later', async () => {
    const id = await billing.register({ msisdn: '13900000004' });
    expect(await billing.register({ msisdn: '13900000004', balance: '9000' })).toBe(id);
    expect((await lookup('13900000004'))[0]?.found?.balance).toBe('0');
  });

  test('an owner who hands the number over: same account, next version, other mask', async () => {
    const id = await billing.register({ msisdn: '13900000002', balance: '3000' });
    expect(await billing.register({ msisdn: '13900000002', name: '欧阳小明' })).toBe(id);
    expect((await lookup('13900000002'))[0]?.found).toMatchObject({
      subscriberId: id,
      owner: '欧**明',
      ownerVersion: 2,
      balance: '3000',
    });
  });

  test('a number ported to another branch is found there', async () => {
    const born = await billing.register({ msisdn: '13900000003' });
    const ported = await billing.register({ msisdn: '13900000003', branch: HUNAN });
    expect(ported).not.toBe(born);
    expect((await lookup('13900000003'))[0]?.found).toMatchObject({ subscriberId: ported, branch: { code: HUNAN } });
  });

  test('a frame of many numbers, and what it opened stands in the audit without numbers or names', async () => {
    const items = Array.from({ length: 200 }, (_, n) => ({
      msisdn: `138${String(n).padStart(4, '0')}1234`,
      branch: GUANGDONG,
      name: '张伟',
      plan: 'postpaid' as const,
      status: 'active' as const,
      balance: '-100',
    }));
    const reply = await billing.client.call('subscribers.register', { items });
    expect(reply.items.map(({ msisdn }) => msisdn)).toEqual(items.map(({ msisdn }) => msisdn));
    expect(new Set(reply.items.map(({ subscriberId }) => subscriberId)).size).toBe(200);
    expect((await lookup('13801991234'))[0]?.found).toMatchObject({ amountDue: '100', balance: '-100' });
    const audit = await billing.database.db.select<{ after_json: string }>(
      "SELECT after_json FROM audit WHERE action = 'subscribers_registered'",
    );
    const text = audit.map(({ after_json }) => after_json).join('\n');
    expect(text).toContain(`segment 1380199 to ${GUANGDONG}`);
    for (const { msisdn } of items) expect(text).not.toContain(msisdn);
    expect(text).not.toMatch(/张伟|王秀兰/);
  });

  test('branch status: an audit row for each change, none for a status that stands', async () => {
    const set = (status: 'open' | 'maintenance') =>
      billing.client.call('branches.setStatus', { branch: HUNAN, status, actor: 'ops', reason: 'planned' });
    expect(await set('maintenance')).toEqual({ code: HUNAN, nameZh: '湖南', nameEn: 'Hunan', status: 'maintenance' });
    await set('maintenance');
    expect(await set('open')).toMatchObject({ status: 'open' });
    const rows = await billing.database.db.select(
      "SELECT actor, before_json, after_json FROM audit WHERE action = 'branch_status' AND object = ? ORDER BY batch_no, n",
      [`branch/${HUNAN}`],
    );
    expect(rows).toEqual([
      { actor: 'ops', before_json: '{"status":"open"}', after_json: '{"status":"maintenance","reason":"planned"}' },
      { actor: 'ops', before_json: '{"status":"maintenance"}', after_json: '{"status":"open","reason":"planned"}' },
    ]);
    const { branches } = await billing.client.call('branches.list', {});
    expect(branches).toHaveLength(31);
  });

  test('maintenance is seen by the next look-up, brief or not', async () => {
    await billing.register({ msisdn: '13900000079', branch: HUNAN });
    const seen = async () => {
      const items = [{ msisdn: '13900000079', brief: true }, { msisdn: '13900000079' }];
      return (await billing.client.call('numbers.lookup', { items })).items.map(({ found }) => found?.maintenance);
    };
    const set = (status: 'open' | 'maintenance') =>
      billing.client.call('branches.setStatus', { branch: HUNAN, status, actor: 'ops', reason: 'planned' });
    await set('maintenance');
    expect(await seen()).toEqual([true, true]);
    await set('open');
    expect(await seen()).toEqual([false, false]);
  });

  test('holders and homes are read by their keys, also where nobody has counted the rows', async () => {
    const asked: [sql: string, params: readonly unknown[]][] = [];
    const select = (sql: string, params: readonly unknown[] = []) => {
      asked.push([sql, params]);
      return Promise.resolve([]);
    };
    const store = new SubscribersStore({ select } as unknown as Db);
    await store.seenHolders(['13900000000', '13900000079']);
    await store.homes(['sub_0', 'sub_1']);
    const keys = await Promise.all(
      asked.map(async ([sql, params]) =>
        (await billing.database.db.select<{ table: string; key: string }>(`EXPLAIN ${sql}`, params)).map(
          ({ table, key }) => `${table} ${key}`,
        ),
      ),
    );
    expect(keys[0]).toEqual(['o number_owner_open', 's PRIMARY', 'b PRIMARY']);
    expect(keys[1]?.slice(0, 2)).toEqual(['s PRIMARY', 'b PRIMARY']);
  });

  test('an unknown branch is refused with its code', async () => {
    const unknown = billing.client.call('branches.setStatus', {
      branch: '999999',
      status: 'open',
      actor: 'ops',
      reason: '',
    });
    await expect(unknown).rejects.toThrow(/No branch has this code/);
    await expect(billing.register({ msisdn: '13900000005', branch: '999999' })).rejects.toThrow(/No branch/);
    expect((await lookup('13900000005'))[0]?.found).toBeUndefined();
  });
});

import { moneySteps, type MoneySteps } from '../../apps/billing/src/testing/money-steps';
import { schedule } from '../../apps/settlement/src/testing/contracts';
import { aloneItem, DAY, HUBEI, matchedItem } from '../../apps/settlement/src/testing/lines';
import { settlementFixture, type SettlementFixture } from '../../apps/settlement/src/testing/settlement-fixture';
import { moment, type Moment } from '../../apps/settlement/src/testing/two-ledgers';

const RECEIVABLE = `branch/${HUBEI}/receivable`;
const SETTLED = `branch/${HUBEI}/settled`;

/** Rule A through both services: every readable line of a statement is posted, whichever payment it belongs to or none. */
describe('lines of a statement that belong to no payment', () => {
  let service: MoneySteps;
  let money: SettlementFixture;
  beforeEach(async () => {
    service = await moneySteps();
    money = await settlementFixture({
      ...{ schedules: [schedule({ ppm: 0n })], plans: [] },
      billingPort: service.running().rpcPort,
    });
  });
  afterEach(async () => {
    await money.close();
    await service.close();
  });
  const step = (work: () => Promise<unknown>, expected: Moment) => moment(service, money, work, expected);
  const open = async () => {
    const rows = await money.database.db.select<{ item_id: string; open: bigint }>(
      "SELECT item_id, open FROM suspense_item WHERE open <> 0 AND provider = 'bank_a' ORDER BY open",
    );
    return rows.map((row) => [row.item_id.split('/')[0], row.open]);
  };
  const counted = async () =>
    (await money.database.db.select<{ n: bigint }>('SELECT COUNT(*) AS n FROM transfer'))[0]?.n ?? 0n;

  test('wait in suspense one by one, once; a replaced statement takes them back leg by leg', async () => {
    const subscriberId = await service.register({ msisdn: '13900061001', plan: 'prepaid' });
    const topup = service.topup({ subscriberId, face: '5000' });
    await step(() => service.post(topup), {
      service: { [RECEIVABLE]: -5000, [`subscriber/${subscriberId}/cash`]: 5000 },
    });
    const paid = matchedItem('a', { paymentNo: topup.key, amount: '5000', fee: '0' });
    const fee = aloneItem(1);
    const twin = aloneItem(2, { providerTxnId: fee.providerTxnId });
    const back = aloneItem(3, { kind: 'return', amount: '700', fee: '7' });
    const other = aloneItem(4, { kind: 'other', amount: '40' });
    const silent = [
      aloneItem(5, { kind: 'payout', amount: '-4000' }),
      aloneItem(6, { state: 'notice', amount: '-9' }),
      aloneItem(7, { currency: 'USD', amount: '-9' }),
      aloneItem(8, { amount: '0' }),
    ];
    money.world.pageSize = 3;
    money.world.alone.set(DAY, [fee, twin, back, other, ...silent]);
    await step(() => money.settle('r1', [paid]), {
      service: { [RECEIVABLE]: 5000, [SETTLED]: -5000 },
      money: { 'clearing/bank_a': -5533, [`due/${HUBEI}`]: 5000, 'suspense/bank_a': 533 },
    });
    expect(await open()).toEqual([
      ['fee', -100n],
      ['fee', -100n],
      ['other', 40n],
      ['return', 693n],
    ]);
    const before = await counted();
    await step(() => money.settle('r1'), {});
    expect(await counted()).toBe(before);

    const ids = async () =>
      (await money.database.db.select<{ item_id: string }>('SELECT item_id FROM suspense_item WHERE open <> 0')).map(
        (row) => row.item_id,
      );
    const first = await ids();
    money.world.alone.set(DAY, [{ ...other, n: 1, line: 1 }, { ...fee, n: 2, line: 2 }, ...silent]);
    await step(() => money.settle('r2', [paid]), {
      money: { 'clearing/bank_a': 593, 'suspense/bank_a': -593 },
    });
    expect(await open()).toEqual([
      ['fee', -100n],
      ['other', 40n],
    ]);
    expect(first).toEqual(expect.arrayContaining(await ids()));

    const of = async (kind: string) => (await ids()).find((id) => id.startsWith(kind)) ?? '';
    const given = { action: 'accept' as const, paymentNo: '', branch: '', acquiringBranch: '', channel: '' };
    const accept = async (key: string, itemId: string) => money.resolve({ ...given, key, itemId });
    const [charge, unknown] = [await of('fee'), await of('other')];
    await step(() => accept('k1', charge), { money: { 'suspense/bank_a': 100, 'hq/fees': -100 } });
    expect(await accept('k1', charge)).toBe('posted replay');
    expect(await accept('k2', unknown)).toBe('rejected state_conflict');
    expect(await open()).toEqual([['other', 40n]]);
    await step(() => money.resolve({ ...given, action: 'write_off', key: 'k3', itemId: unknown, amount: '40' }), {
      money: { 'suspense/bank_a': -40, 'hq/gain': 40 },
    });
    expect(await open()).toEqual([]);
  });
});

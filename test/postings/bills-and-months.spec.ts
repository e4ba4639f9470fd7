import { moneySteps, type MoneySteps } from '../../apps/billing/src/testing/money-steps';
import { plan, schedule } from '../../apps/settlement/src/testing/contracts';
import { GUANGDONG, HUBEI, matchedItem } from '../../apps/settlement/src/testing/lines';
import { settlementFixture, type SettlementFixture } from '../../apps/settlement/src/testing/settlement-fixture';
import { TREASURY } from '../../apps/settlement/src/testing/treasury-steps';
import { moment, type Moment } from '../../apps/settlement/src/testing/two-ledgers';

const RECEIVABLE = `branch/${HUBEI}/receivable`;
const SETTLED = `branch/${HUBEI}/settled`;
const REVENUE = `branch/${HUBEI}/revenue`;
const D2 = '2026-11-23';

/** Rows 10, 16 and 17 of the posting table through both services as they run; all invariants after each moment. */
describe('bills, closed numbers and the month in both ledgers', () => {
  let service: MoneySteps;
  let money: SettlementFixture;
  let serial = 0;
  const begin = async (options: Parameters<typeof settlementFixture>[0] = {}) => {
    money = await settlementFixture({ treasury: TREASURY, billingPort: service.running().rpcPort, ...options });
  };
  beforeEach(async () => {
    service = await moneySteps();
  });
  afterEach(async () => {
    await money.close();
    await service.close();
  });
  const step = (work: () => Promise<unknown>, expected: Moment) => moment(service, money, work, expected);
  const told = (amount: number) => ({ [RECEIVABLE]: amount, [SETTLED]: -amount });

  async function payer(planKind: 'prepaid' | 'postpaid', face: string) {
    const msisdn = `1390005${String(++serial).padStart(4, '0')}`;
    const subscriberId = await service.register({ msisdn, plan: planKind });
    const item = service.topup({ subscriberId, face });
    const line = (id: string, given: Parameters<typeof matchedItem>[1] = {}) =>
      matchedItem(id, { paymentNo: item.key, amount: face, fee: '0', ...given });
    return { msisdn, subscriberId, item, no: item.key, cash: `subscriber/${subscriberId}/cash`, line };
  }

  test('10a 10b 10c a bill is issued, paid and settled, then the payment is taken back', async () => {
    await begin({ schedules: [schedule({ ppm: 0n })], plans: [] });
    const one = await payer('postpaid', '10000');
    const bill = {
      ...{ key: `${one.subscriberId}-2026-10`, subscriberId: one.subscriberId, branch: HUBEI, period: '2026-10' },
      ...{ amount: '8000', currency: 'CNY' as const, dueOn: '2026-10-28', actor: 'bss' },
    };
    await step(() => service.client.call('bills.issue', { items: [bill] }), {
      service: { [one.cash]: -8000, [REVENUE]: 8000 },
    });
    await step(() => service.post(one.item), { service: { [RECEIVABLE]: -10_000, [one.cash]: 10_000 } });
    await step(() => money.settle('r1', [one.line('a')]), {
      service: told(10_000),
      money: { 'clearing/bank_a': -10_000, [`due/${HUBEI}`]: 10_000 },
    });
    await step(() => service.reverse('res-10c', one.no, 10_000), {
      service: { [RECEIVABLE]: 10_000, [one.cash]: -10_000 },
    });
    await step(() => money.settle('r2', [one.line('b', { kind: 'refund', amount: '-10000', refNo: 'R1' })], D2), {
      service: told(-10_000),
      money: { 'clearing/bank_a': 10_000, [`due/${HUBEI}`]: -10_000 },
    });
  });

  test('16 a number closed with a balance: the branch keeps what nobody has claimed, settled money stays', async () => {
    await begin({ schedules: [schedule({ ppm: 0n })], plans: [] });
    const one = await payer('prepaid', '5000');
    await step(() => service.post(one.item), { service: { [RECEIVABLE]: -5000, [one.cash]: 5000 } });
    await step(() => money.settle('r1', [one.line('a')]), {
      service: told(5000),
      money: { 'clearing/bank_a': -5000, [`due/${HUBEI}`]: 5000 },
    });
    const close = async () => {
      await service.register({ msisdn: one.msisdn, status: 'closed' });
      for (let tries = 0; (await service.balances())[one.cash] !== undefined && tries < 100; tries++)
        await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await step(close, { service: { [one.cash]: -5000, [`branch/${HUBEI}/unclaimed`]: 5000 } });
  });

  test('17 the month’s true-up moves the money ledger alone, once', async () => {
    const tiers = [
      { from: 0n, ppm: 6000n },
      { from: 10_000n, ppm: 3000n },
    ];
    await begin({ schedules: [schedule({ tiers, tierMode: 'retroactive' })], plans: [plan()] });
    const one = await payer('prepaid', '15000');
    await step(() => service.post(one.item), { service: { [RECEIVABLE]: -15_000, [one.cash]: 15_000 } });
    await step(() => money.settle('r1', [one.line('a', { fee: '90' })], '2026-10-22'), {
      service: told(15_000),
      money: { 'clearing/bank_a': -14_910, [`due/${HUBEI}`]: 14_835, [`due/${GUANGDONG}`]: 75 },
    });
    const run = () => money.client.call('months.run', { month: '2026-10', actor: 'maker', missing: ['bank_a'] });
    // 15,000 at 0.30 % are 45; 90 were kept back.
    await step(run, { money: { 'payable/bank_a': -45, [`due/${HUBEI}`]: 45 } });
    await step(run, {});
  });
});

import type { TopupItem } from '@yidian/contracts';
import { moneySteps, type MoneySteps } from '../../apps/billing/src/testing/money-steps';

import { plan, schedule } from '../../apps/settlement/src/testing/contracts';
import { HUBEI, matchedItem } from '../../apps/settlement/src/testing/lines';
import { settlementFixture, type SettlementFixture } from '../../apps/settlement/src/testing/settlement-fixture';
import { TREASURY, TreasurySteps } from '../../apps/settlement/src/testing/treasury-steps';
import { moment, type Moment } from '../../apps/settlement/src/testing/two-ledgers';

const HUNAN = '430000';
const RECEIVABLE = `branch/${HUBEI}/receivable`;
const SETTLED = `branch/${HUBEI}/settled`;
const PROMOTION = `branch/${HUBEI}/promotion`;
const DUE = `due/${HUBEI}`;
const [D1, D2] = ['2026-11-22', '2026-11-23'];
const limits = { min: '1000', max: '50000', step: '100' };

/** Rows 8, 9 and 11 of the posting table through both services as they run; all invariants after each moment. */
describe('partners, gifts and discounts in both ledgers', () => {
  let service: MoneySteps;
  let money: SettlementFixture;
  let bank: TreasurySteps;
  let serial = 0;
  const begin = async (options: Parameters<typeof settlementFixture>[0]) => {
    money = await settlementFixture({ treasury: TREASURY, billingPort: service.running().rpcPort, ...options });
    bank = new TreasurySteps(() => money.client);
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

  async function payer(price: Partial<TopupItem> = {}) {
    const subscriberId = await service.register({ msisdn: `1390004${String(++serial).padStart(4, '0')}` });
    const item = service.topup({ subscriberId, ...price });
    const [cash, bonus] = [`subscriber/${subscriberId}/cash`, `subscriber/${subscriberId}/bonus`];
    const line = (id: string, given: Parameters<typeof matchedItem>[1] = {}) =>
      matchedItem(id, { paymentNo: item.key, ...given });
    return { no: item.key, item, cash, bonus, line };
  }
  const settle = (provider: string, runId: string, items: ReturnType<typeof matchedItem>[], date = D1) => {
    money.world.runs.set(runId, items);
    return money.client.call('provider_days.settle', { provider, date, runId, digest: `digest of ${runId}` });
  };
  const refunded = async (no: string, amount: number) => {
    await service.hold(`${no}R1`, no, amount);
    expect(await service.resolve(`${no}R1`, no, 'post')).toMatchObject({ outcome: 'posted' });
  };

  test.each([
    ['netted', { 'clearing/demo_shop': -4960 }],
    ['invoiced', { 'clearing/demo_shop': -5000, 'payable/demo_shop': 40 }],
  ] as const)(
    '8a 8b a partner that collects, its fee %s, remits; the gateway is told once',
    async (collection, moves) => {
      await begin({ schedules: [schedule({ id: 's', provider: 'demo_shop', ppm: 8000n, collection })], plans: [] });
      const one = await payer({ provider: 'demo_shop', channel: 'partner_api', partner: 'demo_shop' });
      await step(() => service.post(one.item), { service: { [RECEIVABLE]: -5000, [one.cash]: 5000 } });
      const fee = collection === 'netted' ? '40' : '0';
      const line = one.line('a', { fee, channel: 'partner_api', partner: 'demo_shop' });
      await step(() => settle('demo_shop', 'r1', [line]), { service: told(5000), money: { [DUE]: 4960, ...moves } });
      money.world.gatewaySilent = true;
      const remitted = -moves['clearing/demo_shop'];
      const entry = { amount: BigInt(remitted), bankRef: 'REM-1', from: 'DEMO SHOP LTD' };
      await step(() => bank.import(entry), {
        money: { 'bank/main': -remitted, 'clearing/demo_shop': remitted },
      });
      money.world.gatewaySilent = false;
      await money.database.db.run('UPDATE exposure_outbox SET due_at = NOW(3) - INTERVAL 1 SECOND');
      await money.relayExposure();
      await bank.import(entry);
      expect([...money.world.exposures.values()]).toEqual([
        { provider: 'demo_shop', kind: 'remittance', amount: BigInt(remitted), receipt: 'REM-1' },
      ]);
    },
  );

  test('8c a partner that pays in before it collects; a day settled anew corrects what was used', async () => {
    await begin({ schedules: [schedule({ id: 's', provider: 'demo_kiosk', ppm: 8000n })], plans: [] });
    const one = await payer({ provider: 'demo_kiosk' });
    await step(() => service.post(one.item), { service: { [RECEIVABLE]: -5000, [one.cash]: 5000 } });
    await step(() => bank.import({ amount: 10_000n, bankRef: 'DEP-1', from: 'DEMO KIOSK LTD' }), {
      money: { 'bank/main': -10_000, 'prefund/demo_kiosk': 10_000 },
    });
    const day = () => settle('demo_kiosk', 'r1', [one.line('a', { fee: '40' })]);
    await step(day, { service: told(5000), money: { 'clearing/demo_kiosk': -4960, [DUE]: 4960 } });
    const apply = () => money.client.call('prefund.apply', { provider: 'demo_kiosk' });
    await step(apply, { money: { 'prefund/demo_kiosk': -4960, 'clearing/demo_kiosk': 4960 } });
    await step(apply, {});
    await step(() => settle('demo_kiosk', 'r2', []), {
      service: told(-5000),
      money: { 'clearing/demo_kiosk': 4960, [DUE]: -4960 },
    });
    await step(apply, { money: { 'prefund/demo_kiosk': 4960, 'clearing/demo_kiosk': -4960 } });
    await step(() => settle('demo_kiosk', 'r3', [one.line('a', { fee: '40' })]), {
      service: told(5000),
      money: { 'clearing/demo_kiosk': -4960, [DUE]: 4960 },
    });
    await step(apply, { money: { 'prefund/demo_kiosk': -4960, 'clearing/demo_kiosk': 4960 } });
  });

  test('8c what was paid in is not enough: the rest stays owed', async () => {
    await begin({ schedules: [schedule({ id: 's', provider: 'demo_kiosk', ppm: 0n })], plans: [] });
    const one = await payer({ provider: 'demo_kiosk' });
    await step(() => service.post(one.item), { service: { [RECEIVABLE]: -5000, [one.cash]: 5000 } });
    await step(() => bank.import({ amount: 3000n, bankRef: 'DEP-1', from: 'DEMO KIOSK LTD' }), {
      money: { 'bank/main': -3000, 'prefund/demo_kiosk': 3000 },
    });
    await step(() => settle('demo_kiosk', 'r1', [one.line('a', { fee: '0' })]), {
      service: told(5000),
      money: { 'clearing/demo_kiosk': -5000, [DUE]: 5000 },
    });
    await step(() => money.client.call('prefund.apply', { provider: 'demo_kiosk' }), {
      money: { 'prefund/demo_kiosk': -3000, 'clearing/demo_kiosk': 3000 },
    });
  });

  test('9a a gift that headquarters pays for is no principal; given back with its share', async () => {
    await begin({ schedules: [schedule({ ppm: 0n })], plans: [] });
    await service.policy(HUBEI, { limits, promotions: [{ name: 'g', atLeast: '5000', bonus: '1000', bearer: 'hq' }] });
    const one = await payer();
    await step(() => service.post(one.item), {
      service: { [RECEIVABLE]: -5000, [one.cash]: 5000, [PROMOTION]: -1000, [one.bonus]: 1000 },
    });
    const paid = () => money.settle('r1', [one.line('a', { fee: '0' })]);
    await step(paid, {
      service: told(5000),
      money: { 'clearing/bank_a': -5000, 'hq/promotion': -1000, [DUE]: 6000 },
    });
    await step(paid, {});
    await refunded(one.no, 2000);
    const line = one.line('r', { kind: 'refund', amount: '-2000', fee: '0', refNo: `${one.no}R1` });
    await step(() => money.settle('r2', [line], D2), {
      service: told(-2000),
      money: { 'clearing/bank_a': 2000, 'hq/promotion': 400, [DUE]: -2400 },
    });
  });

  test('9b 9e headquarters bears a discount of 200; half is refunded, half of the discount goes back', async () => {
    await begin({ schedules: [schedule({ ppm: 0n })], plans: [] });
    const discounts = [{ bearer: 'hq' as const, amount: '200' }];
    await service.policy(HUBEI, { limits, discounts: [{ name: 'd', face: '10000', amount: '200', bearer: 'hq' }] });
    const one = await payer({ face: '10000', charged: '9800', discounts });
    await step(() => service.post(one.item), { service: { [RECEIVABLE]: -10_000, [one.cash]: 10_000 } });
    await step(() => money.settle('r1', [one.line('a', { amount: '9800', fee: '0' })]), {
      service: told(10_000),
      money: { 'clearing/bank_a': -9800, 'hq/promotion': -200, [DUE]: 10_000 },
    });
    await refunded(one.no, 5000);
    const line = one.line('r', { kind: 'refund', amount: '-4900', fee: '0', refNo: `${one.no}R1` });
    await step(() => money.settle('r2', [line], D2), {
      service: told(-5000),
      money: { 'clearing/bank_a': 4900, 'hq/promotion': 100, [DUE]: -5000 },
    });
  });

  test('9b 15 a discount of headquarters’ on a credit at the wrong branch moves with it, each share by its own way', async () => {
    await begin({ schedules: [schedule({ ppm: 0n })], plans: [] });
    const discounts = [{ bearer: 'hq' as const, amount: '200' }];
    await service.policy(HUBEI, { limits, discounts: [{ name: 'd', face: '10000', amount: '200', bearer: 'hq' }] });
    const one = await payer({ face: '10000', charged: '9800', discounts });
    await step(() => service.post(one.item), { service: { [RECEIVABLE]: -10_000, [one.cash]: 10_000 } });
    const paid = () => money.settle('r1', [one.line('a', { amount: '9800', fee: '0' })]);
    await step(paid, {
      service: told(10_000),
      money: { 'clearing/bank_a': -9800, 'hq/promotion': -200, [DUE]: 10_000 },
    });
    const [right, owed] = [
      await service.register({ msisdn: '13700000016', branch: HUNAN }),
      `branch/${HUNAN}/receivable`,
    ];
    const wanted = {
      ...{ key: 'k15', paymentNo: one.no, currency: 'CNY' as const, reason: 'wrong branch', actor: 'clerk.b' },
      to: { subscriberId: right, branch: HUNAN },
    };
    await step(() => service.client.call('credits.move', { items: [wanted] }), {
      service: {
        ...{ [one.cash]: -10_000, [RECEIVABLE]: 10_000 },
        ...{ [owed]: -10_000, [`subscriber/${right}/cash`]: 10_000 },
      },
    });
    const moved = (amount: number) => ({
      service: {
        ...{ [RECEIVABLE]: -amount, [SETTLED]: amount },
        ...{ [owed]: amount, [`branch/${HUNAN}/settled`]: -amount },
      },
      money: { [DUE]: -amount, [`due/${HUNAN}`]: amount },
    });
    const settled = { key: 'k15', paymentNo: one.no, from: HUBEI, to: HUNAN, amount: '9800', date: D2 };
    await step(() => money.client.call('principal.move', { ...settled, actor: 'clerk.b' }), moved(9800));
    await step(paid, moved(200));
    await step(paid, {});
  });

  test('9c the home branch bears it: only what was charged is its principal', async () => {
    await begin({ schedules: [schedule({ ppm: 0n })], plans: [] });
    await service.policy(HUBEI, { limits, discounts: [{ name: 'd', face: '10000', amount: '200', bearer: 'home' }] });
    const one = await payer({ face: '10000', charged: '9800', discounts: [{ bearer: 'home', amount: '200' }] });
    await step(() => service.post(one.item), {
      service: { [RECEIVABLE]: -9800, [PROMOTION]: -200, [one.cash]: 10_000 },
    });
    await step(() => money.settle('r1', [one.line('a', { amount: '9800', fee: '0' })]), {
      service: told(9800),
      money: { 'clearing/bank_a': -9800, [DUE]: 9800 },
    });
  });

  test('9d the provider bears it and pays out the order’s amount', async () => {
    await begin({ schedules: [schedule({ ppm: 0n })], plans: [] });
    await service.policy(HUBEI, {
      limits,
      discounts: [{ name: 'd', face: '10000', amount: '200', bearer: 'provider' }],
    });
    const one = await payer({ face: '10000', charged: '9800', discounts: [{ bearer: 'provider', amount: '200' }] });
    await step(() => service.post(one.item), { service: { [RECEIVABLE]: -10_000, [one.cash]: 10_000 } });
    await step(() => money.settle('r1', [one.line('a', { amount: '10000', fee: '0' })]), {
      service: told(10_000),
      money: { 'clearing/bank_a': -10_000, [DUE]: 10_000 },
    });
  });

  test('11 commission clawed back after it was paid out: the agent owes it, and the debt is carried', async () => {
    const agent = plan({ id: 'agent', earner: 'partner' });
    await begin({ schedules: [schedule({ ppm: 0n })], plans: [agent] });
    const one = await payer({ partner: 'agent_x' });
    await service.post(one.item);
    const line = one.line('a', { fee: '0', partner: 'agent_x', acquiringBranch: HUBEI });
    await step(() => money.settle('r1', [line]), {
      service: { ...told(5000) },
      money: { 'clearing/bank_a': -5000, [DUE]: 4975, 'payable/agent_x': 25 },
    });
    await bank.payee('partner', 'agent_x');
    await step(() => bank.send({ parties: [{ kind: 'partner', code: 'agent_x' }] }), {
      money: { 'payable/agent_x': -25, 'transit/main': 25 },
    });
    await service.hold(`${one.no}R1`, one.no, 2000);
    await service.resolve(`${one.no}R1`, one.no, 'post');
    const back = one.line('r', { kind: 'refund', amount: '-2000', fee: '0', refNo: `${one.no}R1` });
    await step(() => money.settle('r2', [back], D2), {
      service: told(-2000),
      money: { 'clearing/bank_a': 2000, [DUE]: -1990, 'payable/agent_x': -10 },
    });
    const { run, skipped } = await bank.propose({ parties: [{ kind: 'partner', code: 'agent_x' }] });
    expect(run).toBeNull();
    expect(skipped).toEqual([{ kind: 'partner', code: 'agent_x', amount: '-10', reason: 'carried_forward' }]);
  });
});

import * as fc from 'fast-check';
import { plan, schedule } from '../testing/contracts';
import { earnerMonths } from './earner-months';
import { earnerStatement } from './earner-month';
import type { MonthLines } from './month-lines.store';
import { commissionTrueUp, feeTrueUp, trueUpLegs } from './true-up';

const TIERS = [
  { from: 0n, ppm: 6000n },
  { from: 1_000_000n, ppm: 4000n },
];
const lines = (given: Partial<MonthLines> = {}): MonthLines => ({
  ...{ provider: 'bank_a', scheduleId: 'bank_a-2026', planId: 'agents', branch: '420000', acquiringBranch: '440000' },
  ...{ partner: '', count: 1, charged: 0n, face: 0n, fee: 0n, earned: [] },
  ...given,
});
const charged = (branch: string, amount: bigint, given: Partial<MonthLines> = {}): MonthLines =>
  lines({ branch, charged: amount, face: amount, fee: (amount * 6000n) / 1_000_000n, ...given });
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

describe('fee true-up', () => {
  test('retroactive: 15,000 yuan reach the second tier, 30 yuan come back, pro rata', () => {
    const tiered = schedule({ tiers: TIERS, tierMode: 'retroactive' });
    const trueUps = feeTrueUp(tiered, [charged('420000', 1_000_000n), charged('440000', 500_000n)]);
    expect(trueUps.map(({ bearer, amount }) => [bearer, amount])).toEqual([
      ['420000', -2000n],
      ['440000', -1000n],
    ]);
    expect(trueUpLegs(trueUps)[0]).toMatchObject({
      ...{ debit: 'payable/bank_a', credit: 'due/420000', amount: 2000n, kind: 'true_up' },
    });
  });

  test('a branch whose refunds outweigh its payments bears nothing; its fees still count', () => {
    const tiered = schedule({ tiers: TIERS });
    const trueUps = feeTrueUp(tiered, [charged('420000', 1_500_000n), charged('440000', -100_000n, { fee: 0n })]);
    expect(trueUps.map(({ bearer, amount }) => [bearer, amount])).toEqual([['420000', -1400n]]);
  });

  test('nobody has volume: headquarters bears what is left', () =>
    expect(feeTrueUp(schedule({ tiers: TIERS }), [charged('420000', -5000n, { fee: -30n })])).toMatchObject([
      { bearer: 'hq', amount: 30n },
    ]));

  test('provisional and true-up together are T(V), whatever the months’ lines and their order', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ b: fc.integer({ min: 0, max: 4 }), a: fc.bigInt({ min: -(10n ** 6n), max: 10n ** 7n }) }),
          {
            minLength: 1,
          },
        ),
        fc.constantFrom('marginal' as const, 'retroactive' as const),
        (rows, tierMode) => {
          const tiered = schedule({ tiers: TIERS, tierMode });
          const all = rows.map(({ b, a }) => charged(`${b}10000`, a));
          const trueUps = feeTrueUp(tiered, all);
          const volume = sum(rows.map(({ a }) => a));
          const price = feeTrueUp(tiered, [charged('110000', volume, { fee: 0n })]);
          expect(sum(trueUps.map(({ amount }) => amount)) + sum(all.map(({ fee }) => fee))).toBe(
            sum(price.map(({ amount }) => amount)),
          );
          expect(feeTrueUp(tiered, [...all].reverse())).toEqual(trueUps);
        },
      ),
    ));
});

describe('commission true-up', () => {
  const level = (party: string, ppm: bigint, better: bigint) => ({
    ...{ earner: 'party' as const, party, ppm },
    tiers: [
      { from: 0n, ppm },
      { from: 1_000_000n, ppm: better },
    ],
  });
  const agents = plan({
    ...{ id: 'agents', levels: [level('shop', 3000n, 4000n), level('city', 5000n, 7000n)], tierMode: 'retroactive' },
  });
  const earned = (shop: bigint, city: bigint) =>
    [
      ['payable/shop', shop],
      ['payable/city', city],
    ].map(([account, amount]) => ({ account: String(account), ppm: 0n, amount: amount as bigint, clawed: 0n }));

  test('top level down: 2,000 yuan at 0.7 less 0.4 % for the city, 0.4 % for the shop', () => {
    const trueUps = commissionTrueUp(agents, [charged('420000', 2_000_000n, { earned: earned(6000n, 4000n) })], []);
    expect(trueUps.map(({ account, amount }) => [account, amount])).toEqual([
      ['payable/city', 2000n],
      ['payable/shop', 2000n],
    ]);
  });

  test('a base net of the fee stands on the fee’s true-up', () => {
    const net = { ...agents, base: 'net' as const };
    const month = [charged('420000', 2_000_000n, { earned: earned(6000n, 4000n) })];
    const fees = feeTrueUp(schedule({ tiers: TIERS, tierMode: 'retroactive' }), month);
    const total = sum(commissionTrueUp(net, month, fees).map(({ amount }) => amount));
    expect(total + 10_000n).toBe(((2_000_000n - 12_000n + 4_000n) * 7000n) / 1_000_000n);
  });
});

describe('an earner’s month', () => {
  const month = { earned: 1000n, clawed: 0n, trueUp: 0n, carriedIn: 0n, negativeIn: 0n, capPpm: null, taxPpm: 60_000n };
  test.each([
    ['tax within 10.00', {}, { payable: 1000n, net: 943n, tax: 57n }],
    ['claws beyond what was earned', { clawed: 1200n }, { payable: 0n, negativeOut: -200n, taken: 1200n }],
    ['a cap of 30 %', { clawed: 500n, capPpm: 300_000n }, { taken: 300n, carriedOut: 200n, payable: 700n }],
    ['what was carried is taken first', { carriedIn: 250n, capPpm: 300_000n }, { taken: 250n, carriedOut: 0n }],
    ['a month below nothing goes against this one', { negativeIn: -200n }, { payable: 800n, negativeOut: 0n }],
    ['nothing earned, all carried', { earned: 0n, clawed: 5n, capPpm: 300_000n }, { taken: 0n, carriedOut: 5n }],
  ])('%s', (_, given, told) => expect(earnerStatement({ ...month, ...given })).toMatchObject(told));

  test('nothing is lost from month to month', () => {
    const amount = fc.bigInt({ min: 0n, max: 10_000n });
    const months = fc.array(
      fc.record({ earned: amount, clawed: amount, trueUp: fc.bigInt({ min: -500n, max: 500n }) }),
    );
    fc.assert(
      fc.property(months, fc.option(fc.bigInt({ min: 0n, max: 1_000_000n })), (all, capPpm) => {
        let [carriedIn, negativeIn, paid] = [0n, 0n, 0n];
        for (const one of all) {
          const told = earnerStatement({ ...month, ...one, carriedIn, negativeIn, capPpm });
          expect(told.payable >= 0n && told.negativeOut <= 0n && told.carriedOut >= 0n).toBe(true);
          expect(told.net + told.tax).toBe(told.payable);
          [carriedIn, negativeIn, paid] = [told.carriedOut, told.negativeOut, paid + told.payable];
        }
        const earned = sum(all.map((one) => one.earned + one.trueUp - one.clawed));
        expect(paid + negativeIn - carriedIn).toBe(earned);
      }),
    );
  });

  test('of several plans the strictest cap holds, refunds are claws, carried sums come in', () => {
    const part = (amount: bigint) => [{ account: 'payable/shop', ppm: 0n, amount, clawed: 0n }];
    const earners = earnerMonths({
      lines: [lines({ planId: 'a', count: 3, earned: part(10n) }), lines({ planId: 'b', count: 2, earned: part(-5n) })],
      plans: [plan({ id: 'a', clawCapPpm: 500_000n, taxPpm: 60_000n }), plan({ id: 'b', clawCapPpm: 300_000n })],
      trueUps: [{ step: 5, terms_id: 'a', party: 'payable/shop', name: '420000', amount: 7n }],
      before: [{ step: 6, terms_id: '', party: 'payable/shop', name: 'carriedOut', amount: 4n }],
    });
    expect(earners.get('payable/shop')).toEqual({
      ...{ earned: 30n, clawed: 10n, trueUp: 7n, carriedIn: 4n, negativeIn: 0n, capPpm: 300_000n, taxPpm: 60_000n },
    });
  });
});

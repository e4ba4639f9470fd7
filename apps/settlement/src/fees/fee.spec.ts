import * as fc from 'fast-check';
import { feeOf, splitFee, type BearerShare, type FeeRule } from './fee';
import { feeOfRefund } from './fee-return';
import { roundDay } from './day-rounding';
import { NoFeeSchedule, scheduleFaults, scheduleFor } from './fee-schedules';
import { schedule } from '../testing/contracts';

const rule = (given: Partial<FeeRule>): FeeRule => ({
  ...{ ppm: 0n, fixed: 0n, min: 0n, cap: null, rounding: 'half_up' },
  ...given,
});

describe('fee of a payment', () => {
  test.each([
    ['0.38 % of 50.00', rule({ ppm: 3800n }), 5000n, 19n],
    ['half goes up', rule({ ppm: 5000n }), 100n, 1n],
    ['below half goes down', rule({ ppm: 4900n }), 100n, 0n],
    ['the minimum lifts', rule({ ppm: 3800n, min: 1n }), 100n, 1n],
    ['the minimum may exceed the payment', rule({ ppm: 3800n, min: 10n }), 5n, 10n],
    ['the cap holds', rule({ ppm: 6000n, cap: 2000n }), 1_000_000n, 2000n],
    ['just under the cap', rule({ ppm: 6000n, cap: 2000n }), 333_249n, 1999n],
    ['half up onto the cap', rule({ ppm: 6000n, cap: 2000n }), 333_250n, 2000n],
    ['fixed part', rule({ fixed: 30n }), 5000n, 30n],
    ['fixed and rate round once', rule({ ppm: 3800n, fixed: 1n }), 131n, 1n],
    ['nothing is free', rule({ ppm: 3800n, min: 10n, fixed: 5n }), 0n, 0n],
    ['down', rule({ ppm: 9999n, rounding: 'down' }), 100n, 0n],
    ['up', rule({ ppm: 1n, rounding: 'up' }), 1n, 1n],
  ])('%s', (_, given, amount, fee) => expect(feeOf(given, amount)).toBe(fee));

  test('a negative amount is refused', () => expect(() => feeOf(rule({ ppm: 1n }), -1n)).toThrow());

  test('a larger payment never costs less', () =>
    fc.assert(
      fc.property(
        anyRule,
        fc.bigInt({ min: 0n, max: 10n ** 9n }),
        fc.bigInt({ min: 0n, max: 10n ** 6n }),
        (r, a, more) => expect(feeOf(r, a + more) >= feeOf(r, a)).toBe(true),
      ),
    ));
});

const anyRule = fc
  .record({
    ppm: fc.bigInt({ min: 0n, max: 20_000n }),
    fixed: fc.bigInt({ min: 0n, max: 100n }),
    min: fc.bigInt({ min: 0n, max: 50n }),
    span: fc.option(fc.bigInt({ min: 0n, max: 5000n })),
    rounding: fc.constantFrom('half_up' as const, 'down' as const, 'up' as const),
  })
  .map(({ span, ...given }): FeeRule => ({ ...given, cap: span === null ? null : given.min + span }));

describe('bearers', () => {
  const shares: BearerShare[] = [
    { party: 'hq', ppm: 333_333n },
    { party: 'home', ppm: 333_333n },
    { party: 'acquiring', ppm: 333_334n },
  ];
  test('the first named takes the rest', () =>
    expect(splitFee(100n, shares)).toEqual([
      { party: 'hq', amount: 34n },
      { party: 'home', amount: 33n },
      { party: 'acquiring', amount: 33n },
    ]));
  test('parts always add up, and a fee given back mirrors the fee', () =>
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), (fee) => {
        const parts = splitFee(fee, shares);
        expect(parts.reduce((sum, part) => sum + part.amount, 0n)).toBe(fee);
        expect(splitFee(-fee, shares)).toEqual(parts.map((part) => ({ ...part, amount: -part.amount })));
      }),
    ));
});

describe('which schedule', () => {
  const all = schedule({ id: 'all', channel: '*', validFrom: '2026-01-01' });
  const sms = schedule({ id: 'sms', channel: 'sms', validFrom: '2026-01-01', validTo: '2026-06-30' });
  const newer = schedule({ id: 'newer', channel: '*', validFrom: '2026-11-01' });
  const other = schedule({ id: 'other', provider: 'other' });
  const app = schedule({ id: 'app', product: 'app', validFrom: '2026-01-01' });
  const hubei = schedule({ id: 'hubei', branch: '420000', validFrom: '2026-01-01' });
  const by = (channel: string, date: string, given = {}) => ({
    ...{ provider: 'bank_a', channel, date, product: '', branch: '440000' },
    ...given,
  });
  test.each([
    ['the channel before all', 'sms', '2026-03-01', 'sms'],
    ['its last day holds', 'sms', '2026-06-30', 'sms'],
    ['after that all', 'sms', '2026-07-01', 'all'],
    ['the latest to begin', 'portal', '2026-11-22', 'newer'],
  ])('%s', (_, channel, date, id) => expect(scheduleFor([other, all, newer, sms], by(channel, date)).id).toBe(id));
  test('the product before the channel, a branch with a price of its own before both', () => {
    const found = (given: object) => scheduleFor([all, sms, app, hubei], by('sms', '2026-03-01', given)).id;
    expect(found({ product: 'app' })).toBe('app');
    expect(found({ product: 'app', branch: '420000' })).toBe('hubei');
  });
  test('none is an error, never a fee of nothing', () =>
    expect(() => scheduleFor([all], by('sms', '2025-12-31'))).toThrow(NoFeeSchedule));
});

describe('fee of a refund', () => {
  const refund = {
    rule: (left: bigint) => feeOf(rule({ ppm: 6000n }), left),
    paid: 5000n,
    refunded: 2000n,
    earlier: 0n,
    statementFee: -7n,
  };
  test.each([
    ['kept', 0n],
    ['proportional', -12n],
    ['as_statement', -7n],
  ] as const)('%s', (policy, fee) => expect(feeOfRefund({ ...refund, policy })).toBe(fee));
});

describe('what is not activated', () => {
  const tiers = [
    { from: 0n, ppm: 6000n },
    { from: 100n, ppm: 5000n },
  ];
  test.each([
    ['shares that do not sum to one', { bearers: [{ party: 'home' as const, ppm: 999_999n }] }, /sum to 1000000/],
    ['a minimum with day rounding', { roundPer: 'day' as const, min: 1n }, /rounded per day/],
    ['a cap with day rounding', { roundPer: 'day' as const, cap: 1n }, /rounded per day/],
    ['a fixed part with tiers', { tiers, fixed: 1n }, /month volume/],
    ['tiers that do not begin at 0', { tiers: tiers.slice(1), ppm: 5000n }, /begins at 0/],
    ['tiers that do not rise', { tiers: [...tiers, tiers[1] ?? { from: 0n, ppm: 0n }] }, /rise/],
    ['a rate that is not the first tier’s', { tiers, ppm: 5999n }, /rate of the first/],
    ['min above cap', { min: 2n, cap: 1n }, /min must not/],
    ['an end before the beginning', { validTo: '2025-12-31' }, /validTo/],
  ])('%s', (_, given, fault) => expect(scheduleFaults(schedule(given)).join()).toMatch(fault));
  test('a plain line, a tiered one, one rounded per day have no fault', () =>
    expect([{}, { tiers }, { roundPer: 'day' as const }].flatMap((given) => scheduleFaults(schedule(given)))).toEqual(
      [],
    ));
});

describe('a fee rounded per day', () => {
  const day = [
    { attempt: 'c', amount: 5000n },
    { attempt: 'a', amount: 5000n },
    { attempt: 'b', amount: 5010n },
  ];
  test('19 + 19 + 19.038: 57.038 is 57, where each alone would do as well', () =>
    expect(roundDay({ ppm: 3800n, rounding: 'half_up' }, day)).toEqual([19n, 19n, 19n]));
  test('three payments of 0.38 fen are 1 fen, and ties go by attempt number', () =>
    expect(
      roundDay(
        { ppm: 3800n, rounding: 'half_up' },
        day.map(({ attempt }) => ({ attempt, amount: 100n })),
      ),
    ).toEqual([0n, 1n, 0n]));
  test('the parts add up to the day’s fee, within one fen of each, whatever the order', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ attempt: fc.uuid(), amount: fc.bigInt({ min: 1n, max: 10n ** 6n }) }), {
          ...{ minLength: 1, maxLength: 40, selector: ({ attempt }) => attempt },
        }),
        fc.bigInt({ min: 0n, max: 20_000n }),
        fc.constantFrom('half_up' as const, 'down' as const, 'up' as const),
        (payments, ppm, rounding) => {
          const parts = roundDay({ ppm, rounding }, payments);
          const whole = payments.reduce((sum, { amount }) => sum + amount, 0n);
          expect(parts.reduce((a, b) => a + b, 0n)).toBe(feeOf(rule({ ppm, rounding }), whole));
          const turned = roundDay({ ppm, rounding }, [...payments].reverse()).reverse();
          expect(turned).toEqual(parts);
        },
      ),
    ));
});

import * as fc from 'fast-check';
import { feeOf, splitFee, type BearerShare, type FeeRule } from './fee';
import { feeOfRefund } from './fee-return';
import { NoFeeSchedule, scheduleFor } from './fee-schedules';
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
  test.each([
    ['the channel before all', 'sms', '2026-03-01', 'sms'],
    ['its last day holds', 'sms', '2026-06-30', 'sms'],
    ['after that all', 'sms', '2026-07-01', 'all'],
    ['the latest to begin', 'portal', '2026-11-22', 'newer'],
  ])('%s', (_, channel, date, id) =>
    expect(scheduleFor([other, all, newer, sms], 'bank_a', channel, date).id).toBe(id),
  );
  test('none is an error, never a fee of nothing', () =>
    expect(() => scheduleFor([all], 'bank_a', 'sms', '2025-12-31')).toThrow(NoFeeSchedule));
});

describe('fee of a refund', () => {
  const refund = { rule: rule({ ppm: 6000n }), paid: 5000n, refunded: 2000n, earlier: 0n, statementFee: -7n };
  test.each([
    ['kept', 0n],
    ['proportional', -12n],
    ['as_statement', -7n],
  ] as const)('%s', (policy, fee) => expect(feeOfRefund({ ...refund, policy })).toBe(fee));
});

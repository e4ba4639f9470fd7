import type { Rounding } from '@yidian/money';
import * as fc from 'fast-check';
import { DayPlanner } from '../provider-days/day-planner';
import { plan, schedule } from '../testing/contracts';
import { BANK, DAY, GUANGDONG, HUBEI, line } from '../testing/lines';
import { simulate, type ChargedLines } from './simulate';

const contracts = fc.record({
  ppm: fc.bigInt({ min: 0n, max: 20_000n }),
  rounding: fc.constantFrom<Rounding>('half_up', 'down', 'up'),
  base: fc.constantFrom('charged' as const, 'face' as const),
  bounds: fc.option(fc.record({ fixed: fc.bigInt({ min: 0n, max: 9n }), min: fc.bigInt({ min: 0n, max: 20n }) })),
  cap: fc.option(fc.bigInt({ min: 30n, max: 300n })),
});
const payments = fc.array(
  fc.record({
    amount: fc.oneof(fc.constantFrom(100, 5000), fc.integer({ min: 1, max: 300_000 })),
    discount: fc.integer({ min: 0, max: 300 }),
    hubei: fc.boolean(),
  }),
  { minLength: 1, maxLength: 25 },
);

/** Rounded per payment where it has bounds, else with its day. */
test('the contract that priced a day, simulated over that day, says what was charged', () =>
  fc.assert(
    fc.property(contracts, payments, ({ bounds, cap, ...rates }, drawn) => {
      const more = bounds === null ? { roundPer: 'day' as const } : { ...bounds, cap };
      const terms = { provider: BANK, date: DAY, schedules: [schedule({ ...rates, ...more })], plans: [plan()] };
      const planner = new DayPlanner('day-1', terms);
      const placed = drawn.map(({ amount, discount, hubei }, n) =>
        planner.payment(
          line(`i${String(n).padStart(3, '0')}`, {
            ...{ amount: String(amount), face: String(amount + discount), fee: '0' },
            ...{ branch: hubei ? HUBEI : GUANGDONG, paymentNo: `26112200000000000${String(n).padStart(3, '0')}` },
          }),
          undefined,
        ),
      );
      const settled = new Map([...placed, ...planner.roundDays()].map((item) => [item.itemId, item]));
      const lines = [...settled.values()].map(({ branch, amount, face, fee }): ChargedLines => ({
        ...{ day: DAY, branch, amount, face, count: 1, fee },
      }));
      const [contract] = terms.schedules;
      const told = contract ? simulate(contract, lines) : [];
      const sum = (key: 'charged' | 'wouldBe') => told.reduce((total, one) => total + one[key], 0n);
      expect(sum('wouldBe')).toBe(sum('charged'));
      expect(sum('charged')).toBe(lines.reduce((total, { fee }) => total + fee, 0n));
      // Rounded one by one, the branches agree as well; a day's fee is spread by other weights.
      if (bounds !== null) expect(told.map(({ wouldBe }) => wouldBe)).toEqual(told.map(({ charged }) => charged));
    }),
    { numRuns: 300, endOnFailure: true },
  ));

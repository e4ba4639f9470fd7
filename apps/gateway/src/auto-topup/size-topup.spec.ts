import fc from 'fast-check';
import { sizeTopup, type SizeQuestion } from './size-topup';

const asked = (over: Partial<SizeQuestion> = {}): SizeQuestion => ({
  ...{ balance: 500n, underWay: 0n, threshold: 1000n, target: 3000n, left: 10_000n },
  accepts: { min: 1000n, max: 50_000n, step: 100n },
  ...over,
});

test.each<[string, Partial<SizeQuestion>, bigint | 'enough' | 'cap']>([
  ['to the shortfall', {}, 2500n],
  ['rounded up to the step', { balance: 550n }, 2500n],
  ['at the threshold nothing is missing', { balance: 1000n }, 'enough'],
  ['under way counts', { underWay: 600n }, 'enough'],
  ['under way, and still too little', { underWay: 400n }, 2100n],
  ['at least what the branch takes', { target: 1200n, balance: 900n }, 1000n],
  ['at most what the branch takes', { target: 90_000n, left: 90_000n }, 50_000n],
  ['cut to the month’s rest', { left: 1750n }, 1700n],
  ['the rest is less than the branch takes', { left: 900n }, 'cap'],
  ['arrears are made up for', { balance: -4000n }, 7000n],
])('%s', (_, over, expected) => {
  const sized = sizeTopup(asked(over));
  expect('topUp' in sized ? sized.topUp : sized.none).toBe(expected);
});

test('never more than is missing, save for rounding; never above the month, never below the branch', () => {
  const fen = (max: number) => fc.bigInt({ min: 0n, max: BigInt(max) });
  fc.assert(
    fc.property(fen(5000), fen(5000), fen(60_000), fen(20_000), (balance, underWay, target, left) => {
      const question = asked({ balance, underWay, target, left });
      const sized = sizeTopup(question);
      if (!('topUp' in sized)) return;
      const { min, max, step } = question.accepts;
      expect(sized.topUp).toBeLessThanOrEqual(left);
      expect(sized.topUp).toBeGreaterThanOrEqual(min);
      expect(sized.topUp).toBeLessThanOrEqual(max);
      expect(sized.topUp % step).toBe(0n);
      const missing = target - balance - underWay;
      expect(sized.topUp).toBeLessThan((missing > min ? missing : min) + step);
    }),
  );
});

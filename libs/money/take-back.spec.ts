import * as fc from 'fast-check';
import { giftDue, takeBack, type Part } from './take-back';

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);
const fresh = (...given: bigint[]): Part[] => given.map((one) => ({ given: one, back: 0n }));

/** Takings and undoings of a payment with up to five parts and a gift. */
const histories = fc.record({
  parts: fc.array(fc.bigInt({ min: 0n, max: 20_000n }), { minLength: 1, maxLength: 5 }).filter((all) => sum(all) > 0n),
  gift: fc.bigInt({ min: 0n, max: 5_000n }),
  steps: fc.array(fc.record({ cut: fc.bigInt({ min: 1n, max: 1000n }), undo: fc.integer({ min: 0, max: 5 }) }), {
    minLength: 1,
    maxLength: 25,
  }),
});

describe('taking back what a payment was made of', () => {
  test.each([
    ['face 10000 = 9800 + 200, 2000 back', [9800n, 200n], 2000n, [1960n, 40n]],
    ['all of it', [9800n, 200n], 10_000n, [9800n, 200n]],
    ['one part only', [5000n], 2000n, [2000n]],
    ['a part that is nothing', [5000n, 0n], 5000n, [5000n, 0n]],
    ['one fen goes where it rounds', [2n, 1n], 1n, [1n, 0n]],
  ] as const)('%s', (_name, given, amount, expected) => expect(takeBack(fresh(...given), amount)).toEqual(expected));

  test('more than is left, or nothing, is refused', () => {
    expect(() => takeBack(fresh(9800n, 200n), 10_001n)).toThrow(/left/);
    expect(() => takeBack(fresh(9800n, 200n), 0n)).toThrow(/left/);
  });

  test('a gift of 1000 on 10000: 2000 back takes 200, the last takes the rest', () => {
    expect(giftDue({ given: 1000n, back: 0n }, 10_000n, 2000n)).toBe(200n);
    expect(giftDue({ given: 1000n, back: 200n }, 10_000n, 10_000n)).toBe(800n);
    expect(giftDue({ given: 1000n, back: 900n }, 10_000n, 2000n)).toBe(0n);
  });

  test('any takings and undoings: never negative, never more than given, and in the end all of it', () =>
    fc.assert(
      fc.property(histories, ({ parts: given, gift, steps }) => {
        const parts = fresh(...given);
        const bonus: Part = { given: gift, back: 0n };
        const whole = sum(given);
        const standing: { shares: bigint[]; due: bigint }[] = [];
        const take = (amount: bigint) => {
          const shares = takeBack(parts, amount);
          expect(sum(shares)).toBe(amount);
          parts.forEach((part, i) => (part.back += shares[i] ?? 0n));
          const due = giftDue(bonus, whole, sum(parts.map(({ back }) => back)));
          bonus.back += due;
          standing.push({ shares, due });
          const inBounds = [...parts, bonus].every(({ given: most, back }) => back >= 0n && back <= most);
          expect(inBounds && shares.every((share) => share >= 0n) && due >= 0n).toBe(true);
        };
        const undo = (index: number) => {
          const [undone] = standing.splice(index % Math.max(standing.length, 1), 1);
          parts.forEach((part, i) => (part.back -= undone?.shares[i] ?? 0n));
          bonus.back -= undone?.due ?? 0n;
        };
        for (const { cut, undo: which } of steps) {
          const left = whole - sum(parts.map(({ back }) => back));
          const amount = (left * cut) / 1000n;
          if (amount > 0n) take(amount);
          if (which > 2) undo(which);
        }
        const left = whole - sum(parts.map(({ back }) => back));
        if (left > 0n) take(left);
        expect(parts.map(({ back }) => back)).toEqual(given);
        expect(bonus.back).toBe(gift);
      }),
      { numRuns: 500 },
    ));
});

import * as fc from 'fast-check';
import { clawCascade, splitCascade, splitTax } from './cascade';
import { ofPpm, type Rounding } from './money';

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

describe('cascade', () => {
  test.each([
    ['shop 0.3, agent 0.4, province 0.5 %', 5000n, [3000n, 4000n, 5000n], 0, [15n, 5n, 5n]],
    ['floors, the rest to the shop', 3333n, [3000n, 4000n, 5000n], 0, [11n, 3n, 3n]],
    ['the rest to the top', 3333n, [3000n, 4000n, 5000n], 2, [9n, 3n, 5n]],
    ['a level that earns nothing', 5000n, [3000n, 3000n, 5000n], 0, [15n, 0n, 10n]],
    ['one level', 5000n, [5000n], 0, [25n]],
    ['nothing', 0n, [3000n, 5000n], 1, [0n, 0n]],
  ] as const)('%s', (_, base, rates, rest, parts) => expect(splitCascade(base, rates, rest, 'half_up')).toEqual(parts));
  test('a level below the one under it, or a rest that is no level, is refused', () => {
    expect(() => splitCascade(5000n, [4000n, 3000n], 0, 'half_up')).toThrow(/below/);
    expect(() => splitCascade(5000n, [4000n], 1, 'half_up')).toThrow(/rest/);
  });

  const plans = fc
    .record({
      steps: fc.array(fc.bigInt({ min: 0n, max: 9000n }), { minLength: 1, maxLength: 4 }),
      at: fc.nat({ max: 3 }),
      rounding: fc.constantFrom<Rounding>('half_up', 'down', 'up'),
    })
    .map(({ steps, at, rounding }) => {
      const rates = steps.map((_, i) => sum(steps.slice(0, i + 1)));
      return { rates, rest: at % rates.length, rounding };
    });

  test('parts are never negative and add up to the plan’s total', () =>
    fc.assert(
      fc.property(plans, fc.bigInt({ min: 0n, max: 10n ** 12n }), ({ rates, rest, rounding }, base) => {
        const parts = splitCascade(base, rates, rest, rounding);
        expect(parts.every((part) => part >= 0n)).toBe(true);
        expect(sum(parts)).toBe(ofPpm(base, rates.at(-1) ?? 0n, rounding));
      }),
    ));

  test('20 000 refund series: no level’s claw is negative, and a full refund takes exactly what each was given', () =>
    fc.assert(
      fc.property(
        plans,
        fc.bigInt({ min: 1n, max: 10n ** 7n }),
        fc.array(fc.bigInt({ min: 0n, max: 1000n }), { maxLength: 6 }),
        ({ rates, rest, rounding }, paid, cuts) => {
          const rule = (amount: bigint) => splitCascade(amount, rates, rest, rounding);
          const given = rule(paid);
          const clawed = given.map(() => 0n);
          const marks = [...cuts.map((cut) => (paid * cut) / 1000n), paid].sort((a, b) => (a < b ? -1 : 1));
          for (const refunded of marks) {
            const due = rule(paid - refunded);
            const total = sum(given) - sum(due) - sum(clawed);
            const claws = clawCascade(
              total,
              given.map((one, i) => ({ given: one, clawed: clawed[i] ?? 0n, due: due[i] ?? 0n })),
              rest,
            );
            if (sum(claws) !== total || claws.some((claw) => claw < 0n)) throw new Error('a claw went wrong');
            claws.forEach((claw, i) => (clawed[i] = (clawed[i] ?? 0n) + claw));
          }
          expect(clawed).toEqual(given);
        },
      ),
      { numRuns: 20_000 },
    ));
});

describe('tax within an amount', () => {
  test.each([
    [10_600n, 60_000n, 10_000n, 600n],
    [25n, 60_000n, 24n, 1n],
    [-10_600n, 60_000n, -10_000n, -600n],
    [0n, 60_000n, 0n, 0n],
    [99n, 0n, 99n, 0n],
  ])('%s at %s ppm', (gross, rate, net, tax) => expect(splitTax(gross, rate)).toEqual({ net, tax }));
});

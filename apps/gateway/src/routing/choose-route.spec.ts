import fc from 'fast-check';
import { chooseRoute, feeOf, ruleFor } from './choose-route';
import type { Candidate, RoutingRule, Standing } from './route';

const rule = (over: Partial<RoutingRule>): RoutingRule => ({
  ...{ version: 1, n: 1, method: 'card', branch: '', amountFrom: null, amountTo: null },
  ...{ chooseBy: 'listed', leastSuccessPpm: 0, providers: [] },
  ...over,
});
const asked = { method: 'card', branch: '420000', amount: 5_000n };
const a: Candidate = { provider: 'bank_a', feePpm: 6_000, feeFixed: 0n };
const b: Candidate = { provider: 'bank_b', feePpm: 2_000, feeFixed: 5n };
const c: Candidate = { provider: 'bank_c', feePpm: 2_000, feeFixed: 5n };
const good: Standing = { unusable: null, successPpm: null };

const ORDERS: [
  name: string,
  by: RoutingRule['chooseBy'],
  least: number,
  of: Record<string, Standing>,
  order: string[],
][] = [
  ['as listed', 'listed', 0, {}, ['bank_a', 'bank_b', 'bank_c']],
  ['by cost, ties as listed', 'cost', 0, {}, ['bank_b', 'bank_c', 'bank_a']],
  [
    'by success; who was not asked lately is taken for good',
    'success',
    0,
    { bank_a: { unusable: null, successPpm: 990_000 }, bank_b: { unusable: null, successPpm: 995_000 } },
    ['bank_c', 'bank_b', 'bank_a'],
  ],
  [
    'who succeeds too seldom comes last, however cheap',
    'cost',
    900_000,
    { bank_b: { unusable: null, successPpm: 899_999 } },
    ['bank_c', 'bank_a', 'bank_b'],
  ],
  [
    'in maintenance: not at all',
    'cost',
    0,
    { bank_b: { unusable: 'maintenance', successPpm: null } },
    ['bank_c', 'bank_a'],
  ],
  [
    'breaker open: not at all',
    'listed',
    0,
    { bank_a: { unusable: 'breaker', successPpm: null } },
    ['bank_b', 'bank_c'],
  ],
  [
    'nobody can',
    'listed',
    0,
    Object.fromEntries(
      ['bank_a', 'bank_b', 'bank_c'].map((x) => [x, { unusable: 'stopped' as const, successPpm: null }]),
    ),
    [],
  ],
];

test.each(ORDERS)('%s', (_, chooseBy, leastSuccessPpm, standings, order) => {
  const route = chooseRoute(asked, rule({ chooseBy, leastSuccessPpm }), [a, b, c], (one) => standings[one] ?? good);
  expect(route.order).toEqual(order);
  expect(route.judged).toHaveLength(3); // also who was passed over is told, with the reason
});

const FITS: [name: string, over: Partial<RoutingRule>, fits: boolean][] = [
  ['any branch, any sum', {}, true],
  ['the branch', { branch: '420000' }, true],
  ['another branch', { branch: '440000' }, false],
  ['another method', { method: 'agreement' }, false],
  ['from that very sum', { amountFrom: 5_000n }, true],
  ['from a fen more', { amountFrom: 5_001n }, false],
  ['up to that very sum', { amountTo: 5_000n }, true],
  ['up to a fen less', { amountTo: 4_999n }, false],
];
test.each(FITS)('a rule for %s', (_, over, fits) => {
  expect(ruleFor([rule(over)], asked) !== null).toBe(fits);
});

test('the first that fits decides', () => {
  const rules = [rule({ n: 1, branch: '440000' }), rule({ n: 2, amountTo: 5_000n }), rule({ n: 3 })];
  expect(ruleFor(rules, asked)?.n).toBe(2);
});

test('fees are whole fen, half up, and never negative', () => {
  expect(feeOf(5_000n, a)).toBe(30n);
  expect(feeOf(250n, { provider: 'x', feePpm: 2_000, feeFixed: 0n })).toBe(1n); // 0.5
  expect(feeOf(249n, { provider: 'x', feePpm: 2_000, feeFixed: 0n })).toBe(0n);
});

test('the same question about the same standing has one answer, and every usable candidate is in it once', () => {
  const standing = fc.record({
    unusable: fc.constantFrom(null, null, 'breaker' as const, 'maintenance' as const),
    successPpm: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
  });
  const by = fc.constantFrom('listed' as const, 'cost' as const, 'success' as const);
  fc.assert(
    fc.property(fc.array(standing, { minLength: 3, maxLength: 3 }), by, (standings, chooseBy) => {
      const of = (code: string) => standings['abc'.indexOf(code.slice(-1))] ?? good;
      const once = chooseRoute(asked, rule({ chooseBy, leastSuccessPpm: 500_000 }), [a, b, c], of);
      const again = chooseRoute(asked, rule({ chooseBy, leastSuccessPpm: 500_000 }), [a, b, c], of);
      expect(again).toEqual(once);
      const usable = [a, b, c].filter(({ provider }) => of(provider).unusable === null).map(({ provider }) => provider);
      expect([...once.order].sort()).toEqual(usable);
    }),
  );
});

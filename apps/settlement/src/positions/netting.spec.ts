import fc from 'fast-check';
import { leg, type Leg } from '../batches/leg';
import { addPosition, netOf, NOTHING, positionsOf } from './position';
import { obligationsOf, setOffAmount } from './netting';

const ACCOUNTS = [
  ...['due/420000', 'due/440000', 'due/430000', 'clearing/bank_a', 'clearing/demo_shop', 'payable/bank_a'],
  ...['payable/demo_shop', 'prefund/demo_shop', 'suspense/bank_a', 'hq/fees', 'hq/loss', 'bank/main', 'transit/main'],
];
const KINDS = ['principal', 'fee', 'commission', 'claw_back', 'suspense', 'receipt', 'payout', 'promotion'] as const;
const legs = fc.array(
  fc
    .tuple(
      fc.constantFrom(...ACCOUNTS),
      fc.constantFrom(...ACCOUNTS),
      fc.bigInt({ min: -10_000_000n, max: 10_000_000n }),
      fc.constantFrom(...KINDS),
    )
    .map(([debit, credit, amount, kind]) => leg(debit, credit, amount, kind)),
  { maxLength: 40 },
);
const flat = (some: Leg[][]): Leg[] => some.flat();

const balancesOf = (some: Iterable<Leg>): Map<string, bigint> => {
  const balances = new Map<string, bigint>();
  for (const { debit, credit, amount } of some) {
    balances.set(debit, (balances.get(debit) ?? 0n) - amount);
    balances.set(credit, (balances.get(credit) ?? 0n) + amount);
  }
  return balances;
};
const sum = (amounts: Iterable<bigint>) => [...amounts].reduce((total, amount) => total + amount, 0n);

describe('positions', () => {
  test('whatever is posted, all nets add up to nothing', () => {
    fc.assert(
      fc.property(legs, (some) => {
        expect(sum([...positionsOf(flat(some)).values()].map(({ position }) => netOf(position)))).toBe(0n);
      }),
    );
  });

  test('the order of what is posted changes nothing, nor does a cut into parts', () => {
    fc.assert(
      fc.property(legs, fc.nat(), (some, cut) => {
        const all = flat(some);
        const at = all.length === 0 ? 0 : cut % all.length;
        const [one, two] = [positionsOf(all.slice(at)), positionsOf(all.slice(0, at))];
        const whole = positionsOf([...all].reverse());
        for (const [party, { position }] of whole) {
          const parts = addPosition(one.get(party)?.position ?? NOTHING, two.get(party)?.position ?? NOTHING);
          expect(parts).toEqual(position);
        }
      }),
    );
  });

  test('a branch’s net is its due account, whatever the columns say', () => {
    fc.assert(
      fc.property(legs, (some) => {
        const all = flat(some);
        const balances = balancesOf(all);
        for (const { party, position } of positionsOf(all).values())
          if (party.kind === 'branch') expect(netOf(position)).toBe(balances.get(`due/${party.code}`));
      }),
    );
  });
});

describe('netting', () => {
  const balances = new Map([
    ['due/420000', 4945n],
    ['due/440000', -25n],
    ['clearing/bank_a', -4970n],
    ['payable/bank_a', 30n],
    ['payable/demo_shop', 10n],
    ['prefund/demo_shop', 500n],
    ['clearing/demo_shop', -400n],
    ['suspense/bank_a', 7n],
    ['hq/fees', -7n],
  ]);

  test('branches net among themselves and headquarters; outsiders gross, unless the contract says so', () => {
    const apart = obligationsOf(balances, new Set());
    expect(apart.map(({ account, netting, amount }) => [account, netting, amount])).toEqual([
      ['clearing/bank_a', 'bilateral', -4970n],
      ['clearing/demo_shop', 'bilateral', -400n],
      ['due/420000', 'multilateral', 4945n],
      ['due/440000', 'multilateral', -25n],
      ['payable/bank_a', 'bilateral', 30n],
      ['payable/demo_shop', 'bilateral', 10n],
      ['prefund/demo_shop', 'bilateral', 500n],
    ]);
    const joined = obligationsOf(balances, new Set(['bank_a']));
    expect(joined.filter(({ party }) => party === 'bank_a')).toEqual([
      { account: 'set_off/bank_a', party: 'bank_a', netting: 'bilateral', amount: -4940n },
    ]);
  });

  test('set-off changes nobody’s net', () => {
    const code = fc.constantFrom('due/420000', 'clearing/p', 'payable/p', 'clearing/q', 'payable/q', 'prefund/p');
    const some = fc.array(fc.tuple(code, fc.bigInt({ min: -9999n, max: 9999n })));
    fc.assert(
      fc.property(some, fc.subarray(['p', 'q']), (rows, setOff) => {
        const map = new Map(rows);
        const [without, within] = [obligationsOf(map, new Set()), obligationsOf(map, new Set(setOff))];
        expect(sum(within.map(({ amount }) => amount))).toBe(sum(without.map(({ amount }) => amount)));
      }),
    );
  });

  test.each([
    [30n, -4970n, 30n],
    [5000n, -4970n, 4970n],
    [30n, 10n, 0n],
    [-30n, -4970n, 0n],
  ])('payable %s against clearing %s sets off %s', (payable, clearing, expected) =>
    expect(setOffAmount(payable, clearing)).toBe(expected),
  );
});

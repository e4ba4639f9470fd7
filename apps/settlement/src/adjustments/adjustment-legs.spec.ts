import type { AdjustmentLeg, AdjustmentOriginal } from '@yidian/contracts';
import fc from 'fast-check';
import { effectOn, principalByBranch } from '../batches/leg';
import { paymentNo } from '../testing/lines';
import { accountOf, clearingEffect, takenOf, transfersOf } from './adjustment-legs';

const DAY: AdjustmentOriginal = { kind: 'provider_day', provider: 'bank_a', date: '2026-11-22' };
const MONTH: AdjustmentOriginal = { kind: 'month', month: '2026-10' };
const due = (party: string, amount: string, payment?: string): AdjustmentLeg => ({
  ...{ account: 'due' as const, party, amount },
  ...(payment === undefined ? {} : { paymentNo: payment }),
});
const hq = (party: 'fees' | 'loss' | 'gain' | 'promotion', amount: string, payment?: string): AdjustmentLeg => ({
  ...{ account: 'hq' as const, party, amount },
  ...(payment === undefined ? {} : { paymentNo: payment }),
});
const clearing = (party: string, amount: string, payment?: string): AdjustmentLeg => ({
  ...{ account: 'clearing' as const, party, amount },
  ...(payment === undefined ? {} : { paymentNo: payment }),
});

test('a principal taken back and its fee: two kinds, each in itself', () => {
  const legs = [
    due('420000', '-5000', paymentNo(1)),
    clearing('bank_a', '5000', paymentNo(1)),
    due('420000', '30'),
    hq('fees', '-30'),
  ];
  const transfers = transfersOf(DAY, legs);
  expect(transfers).toEqual([
    { debit: 'due/420000', credit: 'clearing/bank_a', amount: 5000n, kind: 'principal', refersTo: paymentNo(1) },
    { debit: 'hq/fees', credit: 'due/420000', amount: 30n, kind: 'adjustment', refersTo: 'bank_a/2026-11-22' },
  ]);
  expect(takenOf(legs)).toEqual([{ paymentNo: paymentNo(1), branch: '420000', amount: 5000n }]);
  expect(clearingEffect('bank_a', transfers)).toBe(5000n);
  expect([...principalByBranch(transfers)]).toEqual([['420000', -5000n]]);
});

test('an adjustment of a month refers to the month', () =>
  expect(transfersOf(MONTH, [due('420000', '-7'), due('440000', '7')])).toEqual([
    { debit: 'due/420000', credit: 'due/440000', amount: 7n, kind: 'adjustment', refersTo: '2026-10' },
  ]));

test.each<[string, AdjustmentOriginal, AdjustmentLeg[], RegExp]>([
  ['sums to something', MONTH, [due('420000', '-7'), due('440000', '8')], /sum to zero, but to 1/],
  [
    'each payment sums to zero by itself',
    MONTH,
    [due('420000', '5', paymentNo(1)), hq('loss', '-5')],
    /do not sum to zero/,
  ],
  ['an account twice', MONTH, [due('420000', '5'), due('420000', '2'), hq('loss', '-7')], /named twice/],
  ['clearing of a month', MONTH, [clearing('bank_a', '5'), hq('loss', '-5')], /clearing/],
  ['clearing of another provider', DAY, [clearing('bank_b', '5'), hq('loss', '-5')], /clearing/],
  [
    'principal from branch to branch',
    DAY,
    [due('420000', '-5', paymentNo(1)), due('440000', '5', paymentNo(1))],
    /one branch/,
  ],
  ['principal of nobody', DAY, [hq('gain', '-5', paymentNo(1)), hq('loss', '5', paymentNo(1))], /one branch/],
])('refused: %s', (_, original, legs, why) => expect(() => transfersOf(original, legs)).toThrow(why));

test('whatever is proposed, each account moves by exactly what was said', () => {
  const amounts = fc.array(
    fc.bigInt({ min: -1_000_000n, max: 1_000_000n }).filter((amount) => amount !== 0n),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(amounts, (some) => {
      const rest = -some.reduce((sum, amount) => sum + amount, 0n);
      const legs = some.map((amount, n) => due(String(110_000 + n), String(amount)));
      if (rest !== 0n) legs.push(hq('loss', String(rest)));
      if (legs.length < 2) return;
      const transfers = transfersOf(MONTH, legs);
      for (const leg of legs)
        expect(transfers.reduce((sum, one) => sum + effectOn(accountOf(leg), one), 0n)).toBe(BigInt(leg.amount));
      expect(transfers.every(({ amount, debit, credit }) => amount > 0n && debit !== credit)).toBe(true);
    }),
  );
});

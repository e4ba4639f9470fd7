import * as fc from 'fast-check';
import { effectOn, type Leg } from '../batches/leg';
import { plan, schedule } from '../testing/contracts';
import { line } from '../testing/lines';
import { feeLegs } from './fee-legs';
import { Pricing } from './pricing';
import { paymentLegs, pricePayment, settlePayment } from './settle-payment';
import { priceRefund, refundLegs } from './settle-refund';
import type { SettledItem } from './settled-item';
import type { Terms } from './terms';

const party = (name: string, ppm: bigint) => ({ earner: 'party' as const, party: name, ppm, tiers: [] });
const terms = (given: Partial<Parameters<typeof schedule>[0]> = {}, plans: Parameters<typeof plan>[0] = {}): Terms => ({
  ...{ provider: 'bank_a', date: '2026-11-22' },
  schedules: [schedule(given)],
  plans: [plan(plans)],
});
const amount = (id: string, fen: bigint, face = fen) => ({ ...line(id), amount: fen, face });
const anyTerms = fc
  .record({
    ppm: fc.bigInt({ min: 0n, max: 20_000n }),
    min: fc.bigInt({ min: 0n, max: 20n }),
    base: fc.constantFrom('charged' as const, 'face' as const),
    bearers: fc.constantFrom(
      [{ party: 'home' as const, ppm: 1_000_000n }],
      [
        { party: 'home' as const, ppm: 333_333n },
        { party: 'acquiring' as const, ppm: 333_333n },
        { party: 'hq' as const, ppm: 333_334n },
      ],
    ),
    levels: fc.constantFrom([], [party('city', 3000n), party('province', 5000n)]),
    commissionBase: fc.constantFrom('face' as const, 'charged' as const, 'net' as const),
    bearer: fc.constantFrom('home' as const, 'hq' as const),
  })
  .map(({ levels, commissionBase, bearer, ...fees }) => terms(fees, { levels, base: commissionBase, bearer }));
const money = fc.bigInt({ min: 1n, max: 10n ** 7n });

const balances = (legs: readonly Leg[]): Record<string, bigint> => {
  const accounts = [...new Set(legs.flatMap(({ debit, credit }) => [debit, credit]))].sort();
  return Object.fromEntries(
    accounts.map((account) => [account, legs.reduce((sum, one) => sum + effectOn(account, one), 0n)]),
  );
};

describe('payments that are alike', () => {
  test('MONEY row 1b: 5000 with 30 of fee and 25 of commission', () => {
    expect(pricePayment(line('a'), terms())).toMatchObject({ fee: 30n, commission: 25n, earner: 'due/440000' });
  });

  test('net of the fee: 0.5 % of 4970', () =>
    expect(pricePayment(line('a'), terms({}, { base: 'net', ppm: 100_000n })).commission).toBe(497n));

  test('a discounted payment: fee of what was charged, commission of the face', () =>
    expect(pricePayment(amount('a', 9800n, 10_000n), terms())).toMatchObject({ fee: 59n, commission: 50n }));

  test('a cascade stands on the line, level by level', () => {
    const levels = [party('shop', 3000n), party('city', 4000n), party('province', 5000n)];
    const { earned, commission } = pricePayment(amount('a', 3333n), terms({}, { levels, rest: 2 }));
    expect([commission, earned.map((part) => `${part.account} ${part.amount}`)]).toEqual([
      ...[17n, ['payable/shop 9', 'payable/city 3', 'payable/province 5']],
    ]);
  });

  test('the sums of a group are the legs of its lines, in whatever order they came', () =>
    fc.assert(
      fc.property(anyTerms, fc.array(money, { minLength: 1, maxLength: 20 }), (given, amounts) => {
        const settle = (order: readonly bigint[]) => {
          const pricing = new Pricing(given);
          const lines = order.map((fen, i) => settlePayment(amount(`l${i}`, fen), pricing));
          return { lines, legs: pricing.settled().flatMap((group) => group.legs('bank_a')) };
        };
        const { lines, legs } = settle(amounts);
        const single = lines.flatMap((one) => paymentLegs(one, given));
        expect(balances(legs)).toEqual(balances(single));
        expect(Object.values(balances(legs)).reduce((a, b) => a + b, 0n)).toBe(0n);
        expect(settle([...amounts].reverse()).legs).toEqual(legs);
      }),
    ));

  test('sums beyond what a double holds are carried', () => {
    const pricing = new Pricing(terms());
    const big = 10n ** 15n;
    for (let i = 0; i < 40; i++) settlePayment(amount(`l${i}`, big), pricing);
    settlePayment(amount('last', 1n), pricing);
    expect(pricing.settled()[0]?.totals()[0]).toBe(40n * big + 1n);
  });
});

describe('refunds of them', () => {
  test('20 000 series: a full refund leaves nothing of principal, fee and commission, whatever the terms', () =>
    fc.assert(
      fc.property(
        anyTerms,
        money,
        fc.array(fc.bigInt({ min: 1n, max: 1000n }), { maxLength: 5 }),
        (given, fen, cuts) => {
          const proportional = {
            ...given,
            schedules: given.schedules.map((s) => ({ ...s, refundPolicy: 'proportional' as const })),
          };
          const paid = pricePayment(amount('p', fen, fen + fen / 50n), proportional);
          let origin: SettledItem = paid;
          const legs = [...paymentLegs(paid, proportional)];
          const steps = [...cuts.map((cut) => (fen * cut) / 5000n), fen].filter((step) => step > 0n);
          steps.forEach((step, i) => {
            const back = step < fen - origin.refunded ? step : fen - origin.refunded;
            if (back === 0n) return;
            const refund = { ...line(`r${i}`, { kind: 'refund', amount: `-${back}`, fee: '0' }) };
            const undone = priceRefund(refund, origin, proportional);
            if (undone.item.fee > 0n || undone.item.earned.some((part) => part.amount > 0n))
              throw new Error('a claw < 0');
            legs.push(...refundLegs(undone.item, proportional, 'clearing'));
            origin = undone.origin;
          });
          if (Object.values(balances(legs)).some((balance) => balance !== 0n)) throw new Error('something is left');
          expect(origin.earned.map(({ clawed }) => clawed)).toEqual(paid.earned.map((part) => part.amount));
        },
      ),
      { numRuns: 20_000 },
    ));

  test('the provisional rate of its month stands on the line: a later rate claws by the earlier one', () => {
    const then = pricePayment(amount('p', 5000n), terms({ ppm: 6000n, refundPolicy: 'proportional' }));
    const now = terms({ ppm: 1000n, refundPolicy: 'proportional' });
    const undone = priceRefund(line('r', { kind: 'refund', amount: '-5000', fee: '0' }), then, now);
    expect(undone.item.fee).toBe(-30n);
  });

  test('a line of before, with one earner and no rates of its own, claws by its plan', () => {
    const old = { ...pricePayment(line('p'), terms()), earned: [], feePpm: -1n };
    const undone = priceRefund(line('r', { kind: 'refund', amount: '-2000', fee: '0' }), old, terms());
    expect(undone.item).toMatchObject({ commission: -10n, earned: [{ account: 'due/440000', amount: -10n }] });
  });
});

test('bearers of one line: floors, the rest to the first named', () => {
  const bearers = [
    { party: 'hq' as const, ppm: 500_000n },
    { party: 'home' as const, ppm: 500_000n },
  ];
  const item = { ...pricePayment(amount('a', 5500n), terms({ bearers })), fee: 33n };
  expect(feeLegs(item, schedule({ bearers }), 33n, 'clearing/bank_a').map((one) => [one.debit, one.amount])).toEqual([
    ['hq/fees', 17n],
    ['due/420000', 16n],
  ]);
});

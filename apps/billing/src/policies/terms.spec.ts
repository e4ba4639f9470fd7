import { branchPolicy } from '@yidian/contracts';
import type { z } from 'zod';
import { giftFor, inBillingRun, inWindow, offersOf, termsOf } from './terms';

type Policy = z.input<typeof branchPolicy>;
const limits = { min: '1000', max: '50000', step: '100' };
const terms = (policy: Partial<Policy>) => termsOf(1, branchPolicy.parse({ limits, ...policy }));
const shanghai = (text: string) => new Date(`${text}+08:00`);

describe('what a policy means', () => {
  const promotions = [
    { name: '充50送5', atLeast: '5000', bonus: '500', bearer: 'home' as const },
    { name: '充100送20', atLeast: '10000', bonus: '2000', bearer: 'hq' as const },
  ];

  test.each([
    [4999n, undefined],
    [5000n, 500n],
    [9999n, 500n],
    [10_000n, 2000n],
    [50_000n, 2000n],
  ])('a face of %s brings %s', (face, bonus) => expect(giftFor(terms({ promotions }), face)?.bonus).toBe(bonus));

  test('offers: price, bearers and gift of every face that is more than a plain top-up', () => {
    const discounts = [
      { name: '百元98折', face: '10000', amount: '150', bearer: 'hq' as const },
      { name: '百元98折', face: '10000', amount: '50', bearer: 'home' as const },
      { name: 'too large to be sold', face: '60000', amount: '50', bearer: 'home' as const },
    ];
    const one = terms({ promotions, discounts });
    expect(offersOf(one, one.limits)).toEqual([
      { face: '5000', charged: '5000', discounts: [], bonus: '500' },
      {
        face: '10000',
        charged: '9800',
        discounts: [
          { bearer: 'hq', amount: '150' },
          { bearer: 'home', amount: '50' },
        ],
        bonus: '2000',
      },
    ]);
  });

  test('a window is open from its beginning until before its end', () => {
    const one = terms({ maintenance: [{ from: '2026-11-24T01:00:00+08:00', until: '2026-11-24T03:00:00+08:00' }] });
    const open = ['00:59:59.999', '01:00:00.000', '02:59:59.999', '03:00:00.000'].map((time) =>
      inWindow(one, shanghai(`2026-11-24T${time}`)),
    );
    expect(open).toEqual([false, true, true, false]);
  });

  test('the billing run is counted in days of the month in Shanghai', () => {
    const one = terms({ billingRun: { fromDay: 1, toDay: 3 } });
    const running = ['2026-11-30T23:59:59', '2026-12-01T00:00:00', '2026-12-03T23:59:59', '2026-12-04T00:00:00'].map(
      (at) => inBillingRun(one, shanghai(at)),
    );
    expect(running).toEqual([false, true, true, false]);
    expect(inBillingRun(terms({}), shanghai('2026-12-01T12:00:00'))).toBe(false);
  });

  test.each<[string, Partial<Policy>]>([
    ['min above max', { limits: { min: '2', max: '1', step: '1' } }],
    ['a step of nothing', { limits: { min: '1', max: '2', step: '0' } }],
    [
      'a window that ends before it begins',
      { maintenance: [{ from: '2026-11-24T01:00:00Z', until: '2026-11-24T00:00:00Z' }] },
    ],
    ['a run that ends before it begins', { billingRun: { fromDay: 3, toDay: 1 } }],
    ['two promotions from one face', { promotions: [...promotions, ...promotions] }],
    ['nothing left to pay', { discounts: [{ name: 'x', face: '100', amount: '100', bearer: 'hq' }] }],
    ['something nobody knows', { colour: 'red' } as Partial<Policy>],
  ])('%s is no policy', (_name, policy) => expect(branchPolicy.safeParse({ limits, ...policy }).success).toBe(false));
});

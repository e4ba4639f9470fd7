import { promotionsOf } from './pull-promotions';
import type { PromotionTransfer } from './promotions.store';

const PAYMENT = '20261129000000000001';
const at = new Date('2026-11-28T17:00:00Z'); // the 29th in Shanghai
const [RECEIVABLE, PROMOTION] = ['branch/420000/receivable', 'branch/420000/promotion'];
const transfer = (given: Partial<PromotionTransfer>): PromotionTransfer => ({
  ...{ debit: RECEIVABLE, credit: 'subscriber/s1/cash', amount: 200n, kind: 'discount_hq', refers_to: PAYMENT, at },
  ...given,
});

describe('what headquarters bears', () => {
  test.each([
    ['a discount with its payment', [transfer({})], [{ kind: 'discount', paymentNo: PAYMENT, amount: '200' }]],
    [
      'a discount that went back in part',
      [transfer({}), transfer({ debit: 'subscriber/s1/cash', credit: RECEIVABLE, amount: 80n })],
      [{ kind: 'discount', paymentNo: PAYMENT, amount: '120' }],
    ],
    [
      'a discount that went back with a refund, out of its hold',
      [
        transfer({}),
        transfer({ debit: `${RECEIVABLE}/held`, credit: RECEIVABLE, amount: 80n, refers_to: `hold/${PAYMENT}R01` }),
      ],
      [{ kind: 'discount', paymentNo: PAYMENT, amount: '120' }],
    ],
    [
      'gifts of a branch and date as one sum',
      [
        transfer({ debit: PROMOTION, credit: 'subscriber/s1/bonus', kind: 'bonus_hq', amount: 1000n }),
        transfer({ debit: PROMOTION, credit: 'subscriber/s2/bonus', kind: 'bonus_hq', amount: 500n, refers_to: 'x' }),
      ],
      [{ kind: 'gift', paymentNo: '', amount: '1500' }],
    ],
    [
      'a gift that was used, out of cash',
      [transfer({ debit: 'subscriber/s1/cash', credit: PROMOTION, kind: 'bonus_hq', amount: 300n })],
      [{ kind: 'gift', paymentNo: '', amount: '-300' }],
    ],
    [
      'what came and went is nothing',
      [transfer({}), transfer({ debit: 'subscriber/s1/cash', credit: RECEIVABLE })],
      [],
    ],
    ['what is only put aside', [transfer({ debit: 'subscriber/s1/cash', credit: `${RECEIVABLE}/held` })], []],
  ])('%s', (_, transfers, expected) => {
    const told = expected.map((one) => ({ branch: '420000', date: '2026-11-29', ...one }));
    expect(promotionsOf(transfers)).toEqual(told);
  });

  test('a gift that moved with its credit leaves one branch for the other', () => {
    const moved = [
      transfer({ debit: 'subscriber/s1/bonus', credit: PROMOTION, kind: 'bonus_hq', amount: 700n }),
      transfer({ debit: 'branch/430000/promotion', credit: 'subscriber/s2/bonus', kind: 'bonus_hq', amount: 700n }),
    ];
    expect(promotionsOf(moved).map(({ branch, amount }) => [branch, amount])).toEqual([
      ['420000', '-700'],
      ['430000', '700'],
    ]);
  });
});

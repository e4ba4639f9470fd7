import { effectsOf, gathered, type ReceivableTransfer } from './receivable-effects';

const PAYMENT = '26112200000000000001';
const at = new Date(0);
const transfer = (given: Partial<ReceivableTransfer>): ReceivableTransfer => ({
  ...{ k: PAYMENT, debit: 'branch/420000/receivable', credit: 'subscriber/s/cash', amount: 5000n },
  ...{ currency: 'CNY', kind: 'topup', refersTo: '', at },
  ...given,
});
const [HUBEI, HUNAN] = ['branch/420000/receivable', 'branch/430000/receivable'];

describe('what a transfer does to a receivable', () => {
  test.each([
    ['a credit', transfer({}), [{ branch: '420000', item: PAYMENT, debited: 5000n, credited: 0n }]],
    [
      'a refund, by the hold it posts',
      transfer({
        ...{ k: `resolve:hold/${PAYMENT}R01`, debit: `held/${HUBEI}`, credit: HUBEI, kind: 'refund' },
        refersTo: `hold/${PAYMENT}R01`,
      }),
      [{ branch: '420000', item: PAYMENT, debited: 0n, credited: 5000n }],
    ],
    [
      'a credit taken back, by the payment it refers to',
      transfer({ k: 'reverse/res-7', debit: 'subscriber/s/cash', credit: HUBEI, refersTo: PAYMENT }),
      [{ branch: '420000', item: PAYMENT, debited: 0n, credited: 5000n }],
    ],
    [
      'from one branch to another',
      transfer({ debit: HUNAN, credit: HUBEI }),
      [
        { branch: '430000', item: PAYMENT, debited: 5000n, credited: 0n },
        { branch: '420000', item: PAYMENT, debited: 0n, credited: 5000n },
      ],
    ],
    [
      'of no payment: by its own key',
      transfer({ k: 'correction/1' }),
      [{ branch: '420000', item: 'correction/1', debited: 5000n, credited: 0n }],
    ],
    ['held value is not back yet', transfer({ debit: 'subscriber/s/cash', credit: `held/${HUBEI}` }), []],
    ['any other account', transfer({ debit: 'branch/420000/promotion' }), []],
  ])('%s', (_, row, effects) => {
    expect(effectsOf(row)).toEqual(effects.map((effect) => expect.objectContaining(effect)));
  });

  test('gathered: sums by kind, one change a payment; settled principal changes no item, nothing is left of what cancels', () => {
    const rows = [
      transfer({ amount: 4000n }),
      transfer({ amount: 1000n, kind: 'discount_hq', refersTo: PAYMENT }),
      transfer({ k: '26112200000000000002', amount: 700n }),
      transfer({
        debit: 'subscriber/s/cash',
        credit: HUBEI,
        amount: 700n,
        kind: 'refund',
        refersTo: '26112200000000000002',
      }),
      transfer({ k: 'settled/b1', debit: 'branch/420000/settled', credit: HUBEI, amount: 5000n, kind: 'principal' }),
    ];
    const { sums, changes } = gathered(rows.flatMap(effectsOf));
    expect(sums.map(({ kind, debited, credited }) => [kind, debited, credited])).toEqual([
      ['discount_hq', 1000n, 0n],
      ['principal', 0n, 5000n],
      ['refund', 0n, 700n],
      ['topup', 4700n, 0n],
    ]);
    expect(changes.map(({ item, amount }) => [item, amount])).toEqual([[PAYMENT, 5000n]]);
  });
});

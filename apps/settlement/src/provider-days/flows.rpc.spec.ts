import type { MatchedItem } from '@yidian/contracts';
import { plan, schedule } from '../testing/contracts';
import { HUBEI, matchedItem } from '../testing/lines';
import { settlementFixture, type FixtureOptions } from '../testing/settlement-fixture';

interface Day {
  date: string;
  items: MatchedItem[];
  /** Balances after it, credits − debits. */
  after: Record<string, string>;
}

interface Flow extends FixtureOptions {
  name: string;
  days: Day[];
}

const NOV_22 = '2026-11-22';
const NOV_23 = '2026-11-23';
const pay = (given: Partial<MatchedItem> = {}) => matchedItem('a-pay', given);
const refund = (given: Partial<MatchedItem> = {}) =>
  matchedItem('b-refund', { kind: 'refund', amount: '-2000', fee: '0', refNo: 'R1', ...given });
const reversal = (given: Partial<MatchedItem> = {}) =>
  matchedItem('c-reversal', { kind: 'reversal', amount: '-5000', fee: '0', refNo: 'V1', ...given });

/** MONEY §3 with its own figures: 5000, fee 30, commission 25. */
const SETTLED = { 'clearing/bank_a': '-4970', 'due/420000': '4945', 'due/440000': '25' };

const FLOWS: Flow[] = [
  {
    name: '1b matched, fee netted, commission to the acquiring branch',
    days: [{ date: NOV_22, items: [pay()], after: SETTLED }],
  },
  {
    name: '1b the home branch brought it: no commission',
    days: [
      {
        date: NOV_22,
        items: [pay({ acquiringBranch: HUBEI })],
        after: { 'clearing/bank_a': '-4970', 'due/420000': '4970' },
      },
    ],
  },
  {
    name: '1b fee shared by its bearers, the rest to the first named',
    schedules: [
      schedule({
        bearers: [
          { party: 'home', ppm: 333_333n },
          { party: 'hq', ppm: 333_333n },
          { party: 'acquiring', ppm: 333_334n },
        ],
      }),
    ],
    days: [
      {
        date: NOV_22,
        items: [pay()],
        after: { 'clearing/bank_a': '-4970', 'due/420000': '4964', 'due/440000': '15', 'hq/fees': '-9' },
      },
    ],
  },
  {
    name: '1c fee invoiced monthly: the statement pays out gross',
    schedules: [schedule({ collection: 'invoiced' })],
    days: [
      {
        date: NOV_22,
        items: [pay({ fee: '0' })],
        after: { 'clearing/bank_a': '-5000', 'due/420000': '4945', 'due/440000': '25', 'payable/bank_a': '30' },
      },
    ],
  },
  {
    name: '2c statement shows payment and reversal: both through suspense, no fee, no commission',
    days: [{ date: NOV_22, items: [pay({ fee: '0' }), reversal()], after: {} }],
  },
  {
    name: '2c the file charges a fee nevertheless: a difference to claim',
    days: [{ date: NOV_22, items: [pay(), reversal()], after: { 'clearing/bank_a': '30', 'suspense/bank_a': '-30' } }],
  },
  {
    name: 'R15 reversal line on the next date: as if the payment had never been',
    days: [
      { date: NOV_22, items: [pay()], after: SETTLED },
      { date: NOV_23, items: [reversal({ fee: '-30' })], after: {} },
    ],
  },
  {
    name: '3c partial refund, fee returned in proportion, commission clawed back',
    schedules: [schedule({ refundPolicy: 'proportional' })],
    days: [
      { date: NOV_22, items: [pay()], after: SETTLED },
      {
        date: NOV_23,
        items: [refund({ fee: '-12' })],
        after: { 'clearing/bank_a': '-2982', 'due/420000': '2967', 'due/440000': '15' },
      },
    ],
  },
  {
    name: '3c fee kept by the provider',
    days: [
      { date: NOV_22, items: [pay()], after: SETTLED },
      {
        date: NOV_23,
        items: [refund()],
        after: { 'clearing/bank_a': '-2970', 'due/420000': '2955', 'due/440000': '15' },
      },
    ],
  },
  {
    name: '3c refund in steps to the end: exactly the whole commission comes back',
    schedules: [schedule({ refundPolicy: 'proportional' })],
    days: [
      { date: NOV_22, items: [pay()], after: SETTLED },
      {
        date: NOV_23,
        items: [
          refund({ fee: '-12' }),
          refund({ id: 'b-refund-2', amount: '-1', fee: '0' }),
          refund({ id: 'b-refund-3', amount: '-2999', fee: '-18' }),
        ],
        after: {},
      },
    ],
  },
  {
    name: '4a not matched: to suspense, gross and fee',
    days: [
      {
        date: NOV_22,
        items: [pay({ matched: false, class: 'platform_missing', paymentNo: '', branch: '' })],
        after: { 'clearing/bank_a': '-4970', 'suspense/bank_a': '4970' },
      },
    ],
  },
  {
    name: '5 duplicate payment: the second waits',
    days: [
      {
        date: NOV_22,
        items: [pay(), matchedItem('d-again', { matched: false, class: 'duplicate_payment' })],
        after: { 'clearing/bank_a': '-9940', 'due/420000': '4945', 'due/440000': '25', 'suspense/bank_a': '4970' },
      },
    ],
  },
  {
    name: '6a return line with a fee: to suspense the other way round',
    days: [
      { date: NOV_22, items: [pay()], after: SETTLED },
      {
        date: NOV_23,
        items: [refund({ amount: '-5000', fee: '100', matched: false, class: 'provider_return' })],
        after: { 'clearing/bank_a': '130', 'due/420000': '4945', 'due/440000': '25', 'suspense/bank_a': '-5100' },
      },
    ],
  },
  {
    name: '8a collection: the partner earns, not a branch',
    plans: [plan({ channel: 'partner_api', earner: 'partner' }), plan({ id: 'acquiring' })],
    days: [
      {
        date: NOV_22,
        items: [pay({ channel: 'partner_api', partner: 'demo_shop' })],
        after: { 'clearing/bank_a': '-4970', 'due/420000': '4945', 'payable/demo_shop': '25' },
      },
    ],
  },
  {
    name: '12 the file takes more than the contract: the difference waits',
    days: [
      {
        date: NOV_22,
        items: [pay({ fee: '35' })],
        after: { ...SETTLED, 'clearing/bank_a': '-4965', 'suspense/bank_a': '-5' },
      },
    ],
  },
  {
    name: '12 the file takes less: mirror image',
    days: [
      {
        date: NOV_22,
        items: [pay({ fee: '25' })],
        after: { ...SETTLED, 'clearing/bank_a': '-4975', 'suspense/bank_a': '5' },
      },
    ],
  },
  {
    name: 'the same line twice is counted, not posted',
    days: [{ date: NOV_22, items: [pay(), matchedItem('a-pay-2', { class: 'duplicate_line' })], after: SETTLED }],
  },
  {
    name: 'more refunded than was paid: the line waits, the branch keeps its money',
    days: [
      {
        date: NOV_22,
        items: [pay(), refund({ amount: '-5001' })],
        after: { 'clearing/bank_a': '31', 'due/420000': '4945', 'due/440000': '25', 'suspense/bank_a': '-5001' },
      },
    ],
  },
];

describe('settling provider-days, MONEY §3', () => {
  test.each(FLOWS)('$name', async ({ days, ...options }) => {
    const fixture = await settlementFixture(options);
    try {
      for (const [i, { date, items, after }] of days.entries()) {
        await fixture.settle(`run-${i}`, items, date);
        expect(await fixture.balances()).toEqual(after);
        await fixture.assertInvariants();
      }
      const principal = BigInt(await principalOf(fixture.database.db));
      expect(fixture.world.settledOf(HUBEI)).toBe(principal);
    } finally {
      await fixture.close();
    }
  });
});

async function principalOf(db: { select(sql: string): Promise<Record<string, unknown>[]> }): Promise<string> {
  const [row] = await db.select(
    `SELECT COALESCE(SUM(CASE credit WHEN 'due/${HUBEI}' THEN amount ELSE -amount END), 0) AS total
     FROM transfer WHERE kind = 'principal'`,
  );
  return String(row?.['total']);
}

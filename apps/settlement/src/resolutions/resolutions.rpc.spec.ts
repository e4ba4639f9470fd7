import type { MatchedItem } from '@yidian/contracts';
import { schedule } from '../testing/contracts';
import { matchedItem } from '../testing/lines';
import { settlementFixture, type FixtureOptions, type ResolutionRequest } from '../testing/settlement-fixture';

const NOV_23 = '2026-11-23';
const late = (given: Partial<MatchedItem> = {}) =>
  matchedItem('late', { matched: false, class: 'late_success', ...given });
const refund = (given: Partial<MatchedItem> = {}) =>
  matchedItem('refund', { kind: 'refund', amount: '-5000', fee: '0', refNo: 'R1', ...given });

interface Case extends FixtureOptions {
  name: string;
  lines: MatchedItem[];
  resolutions: (Partial<ResolutionRequest> & { itemId: string })[];
  answers: string[];
  after: Record<string, string>;
  /** Lines of the next date, and balances after it. */
  next?: { lines: MatchedItem[]; after: Record<string, string> };
}

const SETTLED = { 'clearing/bank_a': '-4970', 'due/420000': '4945', 'due/440000': '25' };
const WAITING = { 'clearing/bank_a': '-4970', 'suspense/bank_a': '4970' };

const CASES: Case[] = [
  { name: '4b credit', lines: [late()], resolutions: [{ itemId: 'late' }], answers: ['posted'], after: SETTLED },
  {
    name: '4b an unmatched line does not know its branch: the resolution does',
    lines: [late({ branch: '', acquiringBranch: '', channel: '', paymentNo: '' })],
    resolutions: [{ itemId: 'late', action: 'confirm_paid' }],
    answers: ['posted'],
    after: SETTLED,
  },
  {
    name: '4b another key for the same end finds it there',
    lines: [late()],
    resolutions: [
      { itemId: 'late', action: 'confirm_paid' },
      { itemId: 'late', action: 'credit' },
    ],
    answers: ['posted', 'posted'],
    after: SETTLED,
  },
  {
    name: '4b with a fee that differs: the difference stays to be claimed',
    lines: [late({ fee: '35' })],
    resolutions: [{ itemId: 'late' }],
    answers: ['posted'],
    after: { ...SETTLED, 'clearing/bank_a': '-4965', 'suspense/bank_a': '-5' },
  },
  {
    name: '4c refund_payer, fee kept: closed by the refund line, headquarters carries the fee',
    lines: [late()],
    resolutions: [{ itemId: 'late', action: 'refund_payer' }],
    answers: ['posted'],
    after: WAITING,
    next: { lines: [refund()], after: { 'clearing/bank_a': '30', 'hq/fees': '-30' } },
  },
  {
    name: '4c refund_payer, fee returned',
    lines: [late()],
    resolutions: [{ itemId: 'late', action: 'refund_payer' }],
    answers: ['posted'],
    after: WAITING,
    next: { lines: [refund({ fee: '-30' })], after: {} },
  },
  {
    name: '5 duplicate payment: the refund line takes the second, the first stays with its branch',
    lines: [matchedItem('first'), late({ class: 'duplicate_payment' })],
    resolutions: [{ itemId: 'late', action: 'refund_payer' }],
    answers: ['posted'],
    after: { ...SETTLED, 'clearing/bank_a': '-9940', 'suspense/bank_a': '4970' },
    next: { lines: [refund({ fee: '-30' })], after: SETTLED },
  },
  {
    name: '6b reverse_credit of a return with its fee',
    lines: [matchedItem('paid'), refund({ amount: '-5000', fee: '100', matched: false, class: 'provider_return' })],
    resolutions: [{ itemId: 'refund', action: 'reverse_credit', amount: '-5000' }],
    answers: ['posted'],
    after: { 'clearing/bank_a': '130', 'due/420000': '-130' },
  },
  {
    name: '12 accepted: the bearer carries the difference',
    lines: [matchedItem('paid', { fee: '35' })],
    resolutions: [{ itemId: 'paid', action: 'accept', amount: '5' }],
    answers: ['posted'],
    after: { 'clearing/bank_a': '-4965', 'due/420000': '4940', 'due/440000': '25' },
  },
  {
    name: '12 correct_fee, shared by the bearers',
    schedules: [
      schedule({
        bearers: [
          { party: 'hq', ppm: 600_000n },
          { party: 'home', ppm: 400_000n },
        ],
      }),
    ],
    lines: [matchedItem('paid', { fee: '25' })],
    resolutions: [{ itemId: 'paid', action: 'correct_fee', amount: '-5' }],
    answers: ['posted'],
    after: { 'clearing/bank_a': '-4975', 'due/420000': '4965', 'due/440000': '25', 'hq/fees': '-15' },
  },
  {
    name: '13c write_off of a short, headquarters bears it',
    lines: [matchedItem('paid')],
    resolutions: [
      { itemId: '', action: 'write_off', amount: '-3000' },
      { itemId: '', action: 'write_off', amount: '-1000', paymentNo: '26112200000000000002' },
    ],
    answers: ['posted', 'posted'],
    after: { ...SETTLED, 'due/420000': '8945', 'hq/loss': '-4000' },
  },
  {
    name: '14 write_off of a long nobody claims',
    lines: [late()],
    resolutions: [{ itemId: 'late', action: 'write_off' }],
    answers: ['posted'],
    after: { 'clearing/bank_a': '-4970', 'hq/gain': '4970' },
  },
  {
    name: 'a reference that differs is accepted as the payment it names',
    lines: [late({ class: 'reference_mismatch' })],
    resolutions: [{ itemId: 'late', action: 'accept' }],
    answers: ['posted'],
    after: SETTLED,
  },
  {
    name: 'refused: another end, another amount, no such line',
    lines: [late()],
    resolutions: [
      { itemId: 'late', amount: '4000' },
      { itemId: 'nowhere' },
      { itemId: 'late', branch: '' },
      { itemId: '', action: 'write_off', branch: '' },
      { itemId: 'late', action: 'accept' },
      { itemId: 'late', action: 'refund_payer' },
      { itemId: 'late', action: 'credit' },
    ],
    answers: [
      'rejected amount_mismatch',
      'rejected not_on_statement',
      'rejected branch_unknown',
      'rejected branch_unknown',
      'rejected state_conflict',
      'posted',
      'rejected state_conflict',
    ],
    after: WAITING,
  },
];

describe('resolutions of a settled day', () => {
  test.each(CASES)('$name', async ({ lines, resolutions, answers, after, next, ...options }) => {
    const fixture = await settlementFixture(options);
    try {
      await fixture.settle('run-1', lines);
      for (const [i, resolution] of resolutions.entries()) {
        expect(await fixture.resolve({ key: `res-${i}`, ...resolution })).toBe(answers[i]);
        await fixture.assertInvariants();
      }
      expect(await fixture.balances()).toEqual(after);
      for (const [i, resolution] of resolutions.entries())
        expect(await fixture.resolve({ key: `res-${i}`, ...resolution })).toBe(`${answers[i]} replay`);
      expect(await fixture.balances()).toEqual(after);
      if (!next) return;
      await fixture.settle('run-2', next.lines, NOV_23);
      expect(await fixture.balances()).toEqual(next.after);
      await fixture.assertInvariants();
    } finally {
      await fixture.close();
    }
  });
});

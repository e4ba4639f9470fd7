import type { CreditDifference, CreditFileReply } from '@yidian/contracts';
import fc from 'fast-check';
import { allowed } from '../breaks/allowed-actions';
import type { Break } from '../breaks/break';
import { creditBridge, creditFindings } from './credit-findings';
import { NUMBER_ROWS, numberFindings } from './number-findings';

const NO = '26112200000000000001';
const file = (more: Partial<CreditFileReply>): CreditFileReply => ({
  ...{ branch: '430000', date: '2026-11-22', state: 'ready', version: 1, sha256: 'c'.repeat(64), lines: 0 },
  ...{ amount: '0', ours: '0', agrees: true, findings: [], settled: 0, differences: [] },
  ...more,
});
const one = (more: Partial<CreditDifference>): CreditDifference => ({
  ...{
    class: 'not_asked_for',
    kind: 'CREDIT',
    reference: NO,
    ourState: 'done',
    ourAmount: '5000',
    theirAmount: '5100',
  },
  ...more,
});

describe('the credit run', () => {
  test.each<[CreditDifference['class'], CreditDifference['kind'], string, string, boolean]>([
    ['not_asked_for', 'CREDIT', '30', 'unpaid_credit', true],
    ['not_asked_for', 'CANCEL', '30', 'unpaid_credit', true],
    ['not_asked_for', 'REVERSAL', 'R13', 'debit_without_refund', true],
    ['done_after_refusal', 'CREDIT', '28', 'unpaid_credit', true],
    ['done_after_refusal', 'REVERSAL', 'R13', 'debit_without_refund', true],
    ['not_there', 'CREDIT', '2', 'uncredited', false],
    ['not_there', 'REVERSAL', '33', 'unreversed_credit', false],
    ['amount_differs', 'CREDIT', 'V2', 'amount_mismatch', false],
    ['repeated', 'CREDIT', 'V5', 'duplicate_line', true],
  ])('%s of a %s is row %s, %s: at once, people only, the province is asked', (what, kind, row, cls, severe) => {
    const [found] = creditFindings(file({ differences: [one({ class: what, kind })] }));
    expect(found).toMatchObject({ row, class: cls, severe, wait: 0, auto: false, steps: [], paymentNo: NO });
    expect(found?.suggested).toBe('claim_provider');
    expect(allowed(found as unknown as Break, 'claim_provider')).toBe(true);
    expect(allowed(found as unknown as Break, 'credit')).toBe(false);
  });

  test('another date is no break; a line that cannot be read and totals that do not agree are one each', () => {
    const reply = file({
      ...{ agrees: false, findings: [{ line: 7, reason: 'kind' }] },
      differences: [one({ class: 'date_differs' })],
    });
    expect(creditFindings(reply).map(({ row, class: cls, line }) => [row, cls, line])).toEqual([
      ['V9', 'unreadable_line', 7],
      ['V10', 'control_total', null],
    ]);
    expect(new Set(creditFindings(reply).map(({ id }) => id)).size).toBe(2);
  });

  test('of so many differences that not all are told the file is for people', () => {
    const differences = Array.from({ length: 20_000 }, (_, n) => one({ reference: `${NO}R${n}` }));
    expect(creditFindings(file({ differences })).at(-1)).toMatchObject({ class: 'control_total', severe: true });
  });

  test('the bridge has no rest, whatever differs', () => {
    const sum = fc.integer({ min: 1, max: 1_000_000 });
    const damage = fc.array(
      fc.tuple(fc.constantFrom('strange', 'late', 'absent', 'other', 'twice', 'dated'), sum, sum),
    );
    fc.assert(
      fc.property(fc.array(sum), damage, (clean, damaged) => {
        const base = clean.reduce((total, amount) => total + BigInt(amount), 0n);
        let [ours, theirs] = [base, base];
        const differences = damaged.map(([how, a, b], n): CreditDifference => {
          const reference = `${NO}${n}`;
          const amounts = { ourAmount: `${a}`, theirAmount: `${b}` };
          if (how === 'absent') ours += BigInt(a);
          else theirs += BigInt(b);
          if (how === 'other' || how === 'twice') ours += BigInt(how === 'other' ? a : 0);
          if (how === 'strange') return one({ ...amounts, reference, ourState: null, ourAmount: null });
          if (how === 'late') return one({ ...amounts, reference, class: 'done_after_refusal', ourState: 'refused' });
          if (how === 'absent') return one({ ...amounts, reference, class: 'not_there', theirAmount: null });
          if (how === 'other') return one({ ...amounts, reference, class: 'amount_differs' });
          return one({ ...amounts, reference, class: how === 'twice' ? 'repeated' : 'date_differs' });
        });
        const { residual, parts } = creditBridge(file({ amount: `${theirs}`, ours: `${ours}`, differences }));
        expect(residual).toBe(0n);
        expect(parts.reduce((total, { count }) => total + count, 0)).toBe(damaged.length);
      }),
    );
  });
});

describe('numbers', () => {
  test.each([
    ['number_only_here', 'N1', 'requery', false],
    ['number_owner', 'N2', 'claim_provider', true],
    ['number_status', 'N3', 'requery', false],
  ] as const)('%s is row %s, first step %s', (cls, row, suggested, severe) => {
    const said = { subscriberId: 'sub_1', number: '139****0102', class: cls, ours: 'active', theirs: 'closed' };
    const [found] = numberFindings('430000', [said]);
    expect(found).toMatchObject({
      row,
      suggested,
      severe,
      wait: 0,
      auto: false,
      raw: '139****0102: active here, closed there',
    });
    expect(allowed(found as unknown as Break, suggested)).toBe(true);
    expect(numberFindings('430000', [{ ...said, class: 'number_owner' }])[0]?.id).toBe(found?.id);
    expect(Object.keys(NUMBER_ROWS)).toHaveLength(3);
  });
});

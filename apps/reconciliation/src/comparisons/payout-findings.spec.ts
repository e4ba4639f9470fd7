import type { PayoutClass, PayoutsInReply } from '@yidian/contracts';
import { allowed } from '../breaks/allowed-actions';
import type { Break } from '../breaks/break';
import { PAYOUT_ROWS, payoutFindings } from './payout-findings';

type Group = PayoutsInReply['groups'][number];

const group = (cls: PayoutClass, difference: string, more: Partial<Group> = {}): Group => ({
  ...{ class: cls, difference, lines: [], entries: [] },
  dates: [
    { date: '2026-11-23', dueDay: '2026-11-24', amount: '4970' },
    { date: '2026-11-24', dueDay: '2026-11-25', amount: '1000' },
  ],
  ...more,
});
const entry = (entryId: string, amount: string) => ({ entryId, valueDay: '2026-11-25', amount });
const of = (...groups: Group[]) =>
  payoutFindings({ provider: 'bank_a', asOf: '2026-11-26', groups, held: '0', clearing: '0' });

describe('payouts that do not agree', () => {
  test.each([
    ['payout_missing', 'O1', '-5970', 'claim_provider'],
    ['payout_short', 'O2', '-70', 'claim_provider'],
    ['payout_over', 'O3', '70', 'claim_provider'],
    ['payout_unknown', 'O4', '900', 'claim_provider'],
    ['payout_returned', 'O5', '0', 'accept'],
  ] as const)(
    '%s is row %s: a break at once, people only, next step is there and allowed',
    (cls, row, at, suggested) => {
      const [found] = of(group(cls, at, { entries: [entry('E1', '5900')] }));
      expect(found).toMatchObject({ class: cls, row, wait: 0, auto: false, steps: [], suggested, atStake: BigInt(at) });
      const kept = { ...found, ref_no: '', payment_no: '', item_id: null } as unknown as Break;
      expect(allowed(kept, suggested)).toBe(true);
      expect(allowed(kept, 'credit')).toBe(false);
    },
  );

  test('every class of a payout that does not agree has its row', () => {
    expect(Object.keys(PAYOUT_ROWS)).toHaveLength(5);
    expect(of(group('matched', '0'), group('not_due', '0'))).toEqual([]);
  });

  test('the same difference keeps its id, whatever the order and the day it is looked at', () => {
    const short = group('payout_short', '-70', { entries: [entry('b', '900'), entry('a', '5000')] });
    const turned = { ...short, dates: [...short.dates].reverse(), entries: [...short.entries].reverse() };
    const id = of(short)[0]?.id;
    expect(id).toMatch(/^brk_[0-9a-f]{28}$/);
    expect(of(turned)[0]?.id).toBe(id);
    const others = [
      { ...short, entries: short.entries.slice(1) },
      { ...short, dates: short.dates.slice(1) },
      { ...short, class: 'payout_over' as const },
      { ...short, lines: [{ lineId: 'L1', day: '2026-11-25', amount: '5900' }] },
    ];
    expect(new Set([id, ...of(...others).map((one) => one.id)]).size).toBe(5);
  });

  test('what people read: the dates with their due days, the provider’s word, our bank', () => {
    const lines = [{ lineId: 'L1', day: '2026-11-25', amount: '5970' }];
    const [found] = of(group('payout_short', '-70', { lines, entries: [entry('E1', '5900')] }));
    expect(found).toMatchObject({ key: '2026-11-23', pAmount: 5900n, gAmount: 5970n, txnId: 'E1' });
    expect(found?.raw).toBe(
      'dates: 2026-11-23 (due 2026-11-24) 49.70, 2026-11-24 (due 2026-11-25) 10.00; ' +
        "provider's word: L1 of 2026-11-25 59.70; our bank: E1 of 2026-11-25 59.00",
    );
  });
});

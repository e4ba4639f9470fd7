import type { Rounding } from '@yidian/money';
import * as fc from 'fast-check';
import type { PlannedPosting } from '../batches/batch';
import { effectOn } from '../batches/leg';
import type { SettledItem } from '../items/settled-item';
import type { Terms } from '../items/terms';
import { plan, schedule } from '../testing/contracts';
import { BANK, DAY, GUANGDONG, HUBEI, line } from '../testing/lines';
import { DayPlanner } from './day-planner';

/** Any day's lines under any contract: what has to hold whatever came in, in whatever order. */

const party = (name: string, ppm: bigint) => ({ earner: 'party' as const, party: name, ppm, tiers: [] });
const home = { party: 'home' as const, ppm: 1_000_000n };
const shared = [
  { party: 'hq' as const, ppm: 333_333n },
  { party: 'home' as const, ppm: 300_001n },
  { party: 'acquiring' as const, ppm: 200_000n },
  { party: 'partner' as const, ppm: 166_666n },
];
const parts = fc.record({
  ppm: fc.bigInt({ min: 0n, max: 20_000n }),
  bounds: fc.record({ fixed: fc.bigInt({ min: 0n, max: 9n }), min: fc.bigInt({ min: 0n, max: 20n }) }),
  capAbove: fc.option(fc.bigInt({ min: 0n, max: 300n })),
  perDay: fc.boolean(),
  rounding: fc.constantFrom<Rounding>('half_up', 'down', 'up'),
  base: fc.constantFrom('charged' as const, 'face' as const),
  collection: fc.constantFrom('netted' as const, 'invoiced' as const),
  refundPolicy: fc.constantFrom('kept' as const, 'proportional' as const),
  bearers: fc.constantFrom([home], shared),
  levels: fc.constantFrom([], [party('shop', 3000n), party('city', 4000n), party('province', 5500n)]),
  rest: fc.nat({ max: 2 }),
  commissionBase: fc.constantFrom('face' as const, 'charged' as const, 'net' as const),
  bearer: fc.constantFrom('home' as const, 'hq' as const),
});
const anyTerms = parts.map(({ bounds, capAbove, perDay, levels, rest, commissionBase, bearer, ...fees }): Terms => ({
  ...{ provider: BANK, date: DAY },
  schedules: [
    schedule({
      ...fees,
      ...(perDay
        ? { roundPer: 'day' }
        : { ...bounds, cap: capAbove === null ? null : bounds.min + bounds.fixed + capAbove }),
    }),
  ],
  plans: [
    plan({ levels, rest: levels.length === 0 ? 0 : rest, base: commissionBase, bearer, rounding: fees.rounding }),
  ],
}));

interface Drawn {
  amount: number;
  discount: number;
  fee: number;
  hubei: boolean;
  away: boolean;
  partner: boolean;
  waits: boolean;
  /** Thousandths of it that are refunded on the day, one after the other; beyond all of it a line has nothing to undo. */
  cuts: number[];
}

const drawn = fc.array(
  fc.record<Drawn>({
    amount: fc.oneof(fc.constantFrom(100, 5000), fc.integer({ min: 1, max: 300_000 })),
    discount: fc.integer({ min: 0, max: 500 }),
    fee: fc.integer({ min: -5, max: 400 }),
    hubei: fc.boolean(),
    away: fc.boolean(),
    partner: fc.boolean(),
    waits: fc.boolean(),
    cuts: fc.array(fc.oneof(fc.constant(1000), fc.integer({ min: 1, max: 1100 })), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 12 },
);

function linesOf(all: readonly Drawn[]): { payments: SettledItem[]; refunds: SettledItem[] } {
  const lines = all.map((one, i) => {
    const branch = one.hubei ? HUBEI : GUANGDONG;
    const given = {
      ...{ paymentNo: `2611220000000000${String(i).padStart(4, '0')}`, branch },
      ...{ acquiringBranch: one.away ? (one.hubei ? GUANGDONG : HUBEI) : branch },
      ...{ partner: one.partner ? 'demo_shop' : '', channel: i % 2 === 0 ? 'sms' : 'portal' },
    };
    const payment = line(`a${String(i).padStart(3, '0')}`, {
      ...{ ...given, amount: String(one.amount), face: String(one.amount + one.discount), fee: String(one.fee) },
      ...(one.waits ? { matched: false, class: 'late_success' as const } : {}),
    });
    const refunds = one.cuts.map((cut, n) => {
      const amount = -Math.ceil((one.amount * cut) / 1000);
      const refNo = `R${i}x${n}`;
      return line(`b${String(i).padStart(3, '0')}${n}`, {
        ...{ ...given, kind: cut === 1000 ? ('reversal' as const) : ('refund' as const), refNo },
        ...{ amount: String(amount), fee: String(-(one.fee % 7)) },
      });
    });
    return { payment, refunds };
  });
  return { payments: lines.map(({ payment }) => payment), refunds: lines.flatMap(({ refunds }) => refunds) };
}

/** As a day is planned: payments in the order they come, undoing lines in the order of their ids. */
function planDay(batchId: string, terms: Terms, payments: readonly SettledItem[], refunds: readonly SettledItem[]) {
  const planner = new DayPlanner(batchId, terms);
  const placed = new Map(payments.map((one) => [one.itemId, planner.payment({ ...one, batchId }, undefined)]));
  for (const moved of planner.roundDays()) placed.set(moved.itemId, moved);
  planner.know([...placed.values()]);
  for (const one of inOrder(refunds)) planner.undo({ ...one, batchId });
  const changed = planner.outcome().changed.map(({ after }) => [after.itemId, after] as const);
  return { postings: planner.postings(), items: new Map([...placed, ...changed]) };
}

const inOrder = (lines: readonly SettledItem[]): SettledItem[] =>
  [...lines].sort((a, b) => (a.itemId < b.itemId ? -1 : 1));

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

function balances(...plans: (readonly PlannedPosting[])[]): Map<string, bigint> {
  const legs = plans.flatMap((postings) => postings.flat());
  const accounts = [...new Set(legs.flatMap(({ debit, credit }) => [debit, credit]))].sort();
  return new Map(accounts.map((id) => [id, sum(legs.map((one) => effectOn(id, one)))]));
}

const shuffled = drawn.chain((all) =>
  fc.tuple(
    fc.constant(all),
    fc.shuffledSubarray(
      all.map((_, i) => i),
      { minLength: all.length },
    ),
  ),
);

describe('any day under any contract', () => {
  test('whatever the order of its lines: the same postings, which conserve; clearing is what the statement says', () =>
    fc.assert(
      fc.property(anyTerms, shuffled, (terms, [all, order]) => {
        const { payments, refunds } = linesOf(all);
        const { postings } = planDay('day-1', terms, payments, refunds);
        const turned = order.map((i) => payments[i] as SettledItem);
        expect(planDay('day-1', terms, turned, [...refunds].reverse()).postings).toEqual(postings);

        expect(postings.flat().every(({ amount, debit, credit }) => amount > 0n && debit !== credit)).toBe(true);
        const found = balances(postings);
        expect(sum([...found.values()])).toBe(0n);
        const stated = sum([...payments, ...refunds].map(({ amount, statementFee }) => amount - statementFee));
        expect(found.get(`clearing/${BANK}`) ?? 0n).toBe(-stated);
      }),
      { numRuns: 300, endOnFailure: true },
    ));

  test('all of it given back on later days, in whatever steps: nobody keeps or owes anything of it', () =>
    fc.assert(
      fc.property(
        anyTerms,
        drawn,
        fc.array(fc.integer({ min: 1, max: 999 }), { maxLength: 3 }),
        (given, all, marks) => {
          const schedules = given.schedules.map((one) => ({ ...one, refundPolicy: 'proportional' as const }));
          const terms = { ...given, schedules };
          const matched = all.map((one) => ({ ...one, waits: false, cuts: [], fee: 0 }));
          const { payments } = linesOf(matched);
          const first = planDay('day-1', terms, payments, []);
          const later: (readonly PlannedPosting[])[] = [];
          let known = first.items;
          [...marks, 1000]
            .sort((a, b) => a - b)
            .forEach((mark, n) => {
              const planner = new DayPlanner(`day-${n + 2}`, terms);
              planner.know([...known.values()]);
              for (const origin of known.values()) {
                const back = (origin.amount * BigInt(mark)) / 1000n - origin.refunded;
                if (back <= 0n) continue;
                const { itemId, paymentNo, branch } = origin;
                const refund = { paymentNo, branch, kind: 'refund' as const, refNo: `R${n}`, fee: '0' };
                planner.undo({ ...line(`${itemId}-${n}`, { ...refund, amount: `-${back}` }), batchId: `day-${n + 2}` });
              }
              later.push(planner.postings());
              const after = planner.outcome().changed.map(({ after: one }) => [one.itemId, one] as const);
              known = new Map([...known, ...after]);
            });
          const kept = [...balances(first.postings, ...later)].filter(([id]) => !/^(clearing|suspense)/.test(id));
          expect(kept.filter(([, amount]) => amount !== 0n)).toEqual([]);
          for (const one of known.values()) {
            expect([one.refunded, one.feeReturned, one.clawed]).toEqual([one.amount, one.fee, one.commission]);
            expect(one.earned.map(({ clawed }) => clawed)).toEqual(one.earned.map(({ amount }) => amount));
          }
        },
      ),
      { numRuns: 300, endOnFailure: true },
    ));
});

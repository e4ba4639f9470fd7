import type { BreakClass } from '@yidian/contracts';
import { planRules } from './auto-rules';
import type { Break } from './break';

const row = (cls: BreakClass, steps: string, atStake: bigint, more: Partial<Break> = {}): Break =>
  ({
    id: `${cls}-${atStake}`,
    class: cls,
    kind: 'payment',
    steps,
    at_stake: atStake,
    payment_no: '26112200000000000001',
    p_amount: atStake,
    b_amount: null,
    branch: '420000',
    item_id: null,
    ...more,
  }) as Break;

const many = (count: number, cls: BreakClass, steps: string, each: bigint): Break[] =>
  Array.from({ length: count }, () => row(cls, steps, each));

describe('what rules may settle alone', () => {
  test('items within every limit run; one over the item limit waits by itself', () => {
    const plan = planRules(
      [...many(3, 'late_success', 'confirm_paid', 5_000n), row('late_success', 'confirm_paid', 100_001n)],
      1_000,
    );
    expect(plan.run).toHaveLength(3);
    expect(plan.stopped).toEqual([]);
  });

  test.each([
    ['count', many(201, 'uncredited', 'credit', 100n), 1_000_000],
    ['total', many(51, 'uncredited', 'credit', 100_000n), 1_000_000],
    ['share', many(21, 'uncredited', 'credit', 100n), 4_000],
  ])('past its %s the whole rule stops, and the others go on', (_limit, rows, lines) => {
    const plan = planRules([...rows, row('late_success', 'confirm_paid', 100n)], lines);
    expect(plan.run.map((one) => one.class)).toEqual(['late_success']);
    expect(plan.stopped).toMatchObject([{ class: 'uncredited', count: rows.length }]);
  });

  test('of a short file a share says nothing', () => {
    expect(planRules(many(20, 'uncredited', 'credit', 100n), 100).run).toHaveLength(20);
  });

  test('asking again has no limit on the sum: nothing moves', () => {
    expect(planRules(many(60, 'provider_missing', 'requery', 1_000_000n), 100_000).run).toHaveLength(60);
  });

  test('a step without a write door is never begun', () => {
    const failed = row('refund_debited', 'credit', 100n, { kind: 'refund', ref_no: '' });
    expect(planRules([failed, row('platform_missing', 'confirm_paid', 100n, { payment_no: '' })], 1_000).run).toEqual(
      [],
    );
  });
});

import * as fc from 'fast-check';
import { leg } from '../batches/leg';
import { line } from '../testing/lines';
import { Plan } from './plan';

const item = (itemId: string, branch: string, amount: bigint) => ({ ...line(itemId), branch, amount });
const legsOf = (one: ReturnType<typeof item>) => leg('clearing/bank_a', `due/${one.branch}`, one.amount, 'principal');

describe('plan', () => {
  test('sums per group; taking a line out leaves the rest', () => {
    const plan = new Plan();
    const [a, b] = [item('a', '420000', 5000n), item('b', '420000', 300n)];
    plan.sum(a, legsOf(a));
    plan.sum(b, legsOf(b));
    plan.sum(a, legsOf(a), -1);
    expect(plan.postings()).toEqual([[expect.objectContaining({ credit: 'due/420000', amount: 300n, items: 1 })]]);
  });

  test('whatever the order of lines, the same postings of 1 to 8 legs', () => {
    const items = Array.from({ length: 40 }, (_, i) => item(`i${i}`, i % 3 ? '420000' : '440000', BigInt(i + 1)));
    const build = (order: typeof items) => {
      const plan = new Plan();
      for (const one of order) {
        plan.sum(one, legsOf(one));
        plan.single(one, leg('suspense/bank_a', 'clearing/bank_a', one.amount, 'suspense_fee', one.itemId));
      }
      return plan.postings();
    };
    const expected = build(items);
    expect(expected.every((posting) => posting.length >= 1 && posting.length <= 8)).toBe(true);
    fc.assert(
      fc.property(fc.shuffledSubarray(items, { minLength: 40 }), (order) => expect(build(order)).toEqual(expected)),
      { numRuns: 50 },
    );
  });
});

import { numberOfReference, orderOf, referenceOf } from './orders';

describe('orders', () => {
  const orders = Array.from({ length: 20_000 }, (_, n) => orderOf('b1', 310, n));

  test('are the same whenever they are computed', () => {
    expect(orderOf('b1', 310, 4_711)).toEqual(orders[4_711]);
  });

  test('ask for whole sums from 10 to 500 yuan, for every number about as often', () => {
    expect(Math.min(...orders.map(({ amount }) => amount))).toBe(1_000);
    expect(Math.max(...orders.map(({ amount }) => amount))).toBe(50_000);
    expect(orders.every(({ amount }) => amount % 100 === 0)).toBe(true);
    const perNumber = new Map<number, number>();
    for (const { subscriber } of orders) perNumber.set(subscriber, (perNumber.get(subscriber) ?? 0) + 1);
    expect(perNumber.size).toBe(310);
    expect(Math.max(...perNumber.values())).toBeLessThan(200);
  });

  test('are found again by their reference, and only by one of their own run', () => {
    expect(numberOfReference('b1', referenceOf('b1', 12_345))).toBe(12_345);
    for (const reference of ['b2-1', 'b1-', 'b1-x', 'b1--1', 'b1-1.5', 'b1- 1'])
      expect(numberOfReference('b1', reference)).toBeUndefined();
  });
});

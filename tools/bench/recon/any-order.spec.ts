import { anyOrder } from './any-order';

describe('an order that looks like none', () => {
  test.each([1, 2, 3, 10, 1_000, 4_097])('every one of %i comes once', (n) => {
    const order = anyOrder(n);
    const places = Array.from({ length: n }, (_, place) => order(place));
    expect([...places].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, place) => place));
  });

  test('neighbours do not stay neighbours', () => {
    const order = anyOrder(10_000);
    const near = Array.from({ length: 9_999 }, (_, n) => Math.abs(order(n) - order(n + 1))).filter((gap) => gap < 10);
    expect(near.length).toBeLessThan(100);
  });
});

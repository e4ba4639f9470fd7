import { PaymentNumbers } from './numbers';

const NOON = Date.parse('2026-11-22T04:00:00Z');

describe('payment numbers', () => {
  test('date and second of Shanghai, writer, running number', () => {
    expect(new PaymentNumbers(7, () => NOON, 41).next()).toBe('26112243200000700042');
  });

  test('the last digits differ from one second to the next', () => {
    let now = NOON;
    const numbers = new PaymentNumbers(7, () => now, 41);
    const first = numbers.next();
    now += 1_000;
    expect(numbers.next().slice(-4)).not.toBe(first.slice(-4));
  });

  test('never twice: more in a second than it has numbers, and a clock that goes back', () => {
    let now = NOON;
    const numbers = new PaymentNumbers(1, () => now);
    const given = new Set<string>();
    for (let i = 0; i < 150_000; i++) {
      if (i === 120_000) now -= 60_000;
      given.add(numbers.next());
    }
    expect(given.size).toBe(150_000);
  });
});

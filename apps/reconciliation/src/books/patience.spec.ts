import { Patience } from './patience';

describe('how long a lane waits for its segment', () => {
  test('much is taken at once, little after a minute, each lane by itself', () => {
    let now = 5;
    const { worth } = new Patience(() => now);
    expect(worth('gateway', 1, 2_000n)).toBe(true);
    expect([worth('gateway', 1, 1n), worth('gateway', 2, 1n)]).toEqual([false, false]);
    now += 59_999;
    expect(worth('gateway', 1, 900n)).toBe(false);
    expect(worth('billing', 1, 900n)).toBe(false);
    now += 1;
    expect([worth('gateway', 1, 900n), worth('billing', 1, 900n)]).toEqual([true, false]);
    expect(worth('gateway', 1, 1n)).toBe(false);
  });
});

import { Histogram } from './histogram';

describe('latencies', () => {
  test('quantiles are right to 20 µs', () => {
    const histogram = new Histogram();
    for (let i = 1; i <= 1_000; i++) histogram.add(i / 10);
    expect(histogram.count).toBe(1_000);
    expect(histogram.quantileMs(0.5)).toBeCloseTo(50, 1);
    expect(histogram.quantileMs(0.99)).toBeCloseTo(99, 1);
    expect(histogram.maxMs).toBe(100);
  });

  test('of none are 0, past the end are kept at the end', () => {
    const histogram = new Histogram();
    expect(histogram.quantileMs(0.99)).toBe(0);
    histogram.add(60_000);
    expect(histogram.quantileMs(0.5)).toBeGreaterThan(4_900);
    expect(histogram.maxMs).toBe(60_000);
  });
});

import { Coalescer, FRAME_LIMITS, type FrameLimits } from './coalescer';
import { Busy, Closed, Expired } from './outcomes';

/** So long, and what was put off to the end of a turn is done: after a stall the timer comes before it. */
const tick = (ms = 5) => new Promise((resolve) => setTimeout(() => setImmediate(() => setImmediate(resolve)), ms));

/** A line whose frames are answered when the test says so. */
function gated(limits: Partial<FrameLimits> = {}) {
  const frames: number[][] = [];
  const gates: ((error?: Error) => void)[] = [];
  const line = new Coalescer<number, number>({
    limits,
    sizeOf: (item) => item,
    send: async (items) => {
      frames.push(items);
      await new Promise<void>((resolve, reject) => gates.push((error) => (error ? reject(error) : resolve())));
      return items.map((item) => item * 2);
    },
  });
  return { frames, line, answer: (error?: Error) => gates.shift()?.(error) };
}

describe('coalescer', () => {
  test('an idle line sends at once, one item as a frame of one', async () => {
    const { frames, line, answer } = gated();
    const asked = line.ask(7);
    await tick();
    expect(frames).toEqual([[7]]);
    answer();
    expect(await asked).toBe(14);
  });

  test('the arrivals of one turn ride together; while three frames are out the rest gathers', async () => {
    const { frames, line, answer } = gated();
    const asked = [line.ask(1), line.ask(2)];
    for (const item of [3, 4]) {
      await tick();
      asked.push(line.ask(item));
    }
    await tick();
    for (const item of [5, 6, 7]) {
      asked.push(line.ask(item));
      await tick();
    }
    expect(frames).toEqual([[1, 2], [3], [4]]);
    answer();
    await tick();
    expect(frames[3]).toEqual([5, 6, 7]);
    for (let i = 0; i < 3; i++) answer();
    expect(await Promise.all(asked)).toEqual([2, 4, 6, 8, 10, 12, 14]);
  });

  test.each([
    { name: 'items', limits: { items: 2 }, send: [1, 2, 3, 4, 5], want: [[1, 2], [3, 4], [5]] },
    { name: 'bytes', limits: { bytes: 10 }, send: [4, 6, 1, 9, 30, 1], want: [[4, 6], [1, 9], [30], [1]] },
  ])('a frame ends at its limit of $name', async ({ limits, send, want }) => {
    const { frames, line, answer } = gated({ ...limits, framesInFlight: 1 });
    const asked = send.map((item) => line.ask(item));
    for (const _ of want) {
      await tick();
      answer();
    }
    await Promise.all(asked);
    expect(frames).toEqual(want);
  });

  test('a full queue answers Busy, and nothing of it is sent', async () => {
    const { frames, line, answer } = gated({ framesInFlight: 1, queuedItems: 2 });
    const first = line.ask(1);
    await tick();
    const rest = [line.ask(2), line.ask(3)];
    await expect(line.ask(4)).rejects.toBeInstanceOf(Busy);
    answer();
    await tick();
    answer();
    await Promise.all([first, ...rest]);
    expect(frames.flat()).toEqual([1, 2, 3]);
  });

  test('an item whose deadline passed leaves before it enters a frame, while frames are out and when they come back', async () => {
    const { frames, line, answer } = gated({ framesInFlight: 1 });
    const first = line.ask(1);
    await tick();
    await expect(line.ask(2, 20)).rejects.toBeInstanceOf(Expired);
    const late = line.ask(3, 1);
    await tick(3);
    answer();
    await expect(late).rejects.toBeInstanceOf(Expired);
    await first;
    await tick();
    expect(frames).toEqual([[1]]);
    expect(line.queueAgeMs()).toBe(0);
  });

  test('who has less time than those before it leaves before them, and so does the next one like it', async () => {
    const { frames, line, answer } = gated({ framesInFlight: 1 });
    const first = line.ask(1);
    await tick();
    const patient = line.ask(2);
    for (const item of [3, 4]) await expect(line.ask(item, 1)).rejects.toBeInstanceOf(Expired);
    answer();
    await first;
    await tick();
    await expect(line.ask(5, 1)).rejects.toBeInstanceOf(Expired);
    answer();
    expect(await patient).toBe(4);
    expect(frames).toEqual([[1], [2]]);
  });

  test('a frame that failed is told to each of its items, once, and the line goes on', async () => {
    const { frames, line, answer } = gated();
    const lost = [line.ask(1), line.ask(2)];
    await tick();
    answer(new Error('socket lost'));
    const ends = await Promise.allSettled(lost);
    expect(ends.map((end) => String((end as PromiseRejectedResult).reason))).toEqual([
      'Error: socket lost',
      'Error: socket lost',
    ]);
    const next = line.ask(3);
    await tick();
    answer();
    expect(await next).toBe(6);
    expect(frames).toEqual([[1, 2], [3]]);
  });

  test('an item that was left out of the answer is told so; its neighbours have theirs', async () => {
    const line = new Coalescer<number, number>({ send: (items) => Promise.resolve(items.slice(0, 1)) });
    const [first, second] = await Promise.allSettled([line.ask(1), line.ask(2)]);
    expect(first).toEqual({ status: 'fulfilled', value: 1 });
    expect(String((second as PromiseRejectedResult).reason)).toContain('not answered');
  });

  test('close answers what was taken and takes nothing more', async () => {
    const { line, answer } = gated({ framesInFlight: 1 });
    const taken = [line.ask(1)];
    await tick();
    taken.push(line.ask(2));
    const closing = line.close();
    await expect(line.ask(3)).rejects.toBeInstanceOf(Closed);
    answer();
    await tick();
    answer();
    await closing;
    expect(await Promise.all(taken)).toEqual([2, 4]);
  });

  test('under a thousand callers nothing is lost, nothing is sent twice, no frame is too large', async () => {
    const sizes: number[] = [];
    const seen: number[] = [];
    const line = new Coalescer<number, number>({
      send: async (items) => {
        sizes.push(items.length);
        seen.push(...items);
        await tick(1);
        return items;
      },
    });
    const numbers = Array.from({ length: 1_000 }, (_, n) => n);
    expect(await Promise.all(numbers.map((n) => line.ask(n)))).toEqual(numbers);
    expect(seen.sort((a, b) => a - b)).toEqual(numbers);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(FRAME_LIMITS.items);
  });
});

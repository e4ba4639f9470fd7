import { GroupCommit } from './group-commit';
import { Busy, Closed, Expired, Poison, RunAgain } from './outcomes';

const tick = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

/** A writer whose batches end when the test says so. */
function gated(limits = {}) {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const group = new GroupCommit<number, number>({
    limits,
    sizeOf: (item) => item,
    run: async (items) => {
      batches.push([...items]);
      await new Promise<void>((resolve) => gates.push(resolve));
      return items.map((item) => item * 2);
    },
  });
  return { batches, group, release: () => gates.shift()?.() };
}

describe('group commit', () => {
  test('an idle writer starts at once; a busy one gathers until its commit returns', async () => {
    const { batches, group, release } = gated();
    const first = group.submit(1);
    await tick();
    expect(batches).toEqual([[1]]);
    const rest = [group.submit(2), group.submit(3)];
    await tick();
    expect(batches).toHaveLength(1);
    release();
    expect(await first).toBe(2);
    await tick();
    expect(batches).toEqual([[1], [2, 3]]);
    release();
    expect(await Promise.all(rest)).toEqual([4, 6]);
  });

  test('whoever is answered and asks again in the same turn rides with those who waited', async () => {
    const { batches, group, release } = gated();
    const asking = async () => {
      const answer = await group.submit(1);
      for (let step = 0; step < 10; step++) await Promise.resolve();
      return group.submit(answer + 1);
    };
    const first = asking();
    await tick();
    const waiting = group.submit(2);
    release();
    await tick();
    expect(batches).toEqual([[1], [2, 3]]);
    release();
    expect(await Promise.all([first, waiting])).toEqual([6, 4]);
  });

  test.each([
    { name: 'items', limits: { items: 2 }, send: [1, 2, 3, 4, 5], want: [[1, 2], [3, 4], [5]] },
    {
      name: 'bytes',
      limits: { bytes: 10, queuedBatches: 9 },
      send: [4, 6, 1, 9, 30, 1],
      want: [[4, 6], [1, 9], [30], [1]],
    },
  ])('a batch ends at its limit of $name', async ({ limits, send, want }) => {
    const { batches, group, release } = gated(limits);
    const answers = send.map((item) => group.submit(item));
    for (const _ of want) {
      await tick();
      release();
    }
    await Promise.all(answers);
    expect(batches).toEqual(want);
  });

  test('a full queue answers Busy, and nothing of it is run', async () => {
    const { batches, group, release } = gated({ items: 1, queuedBatches: 2 });
    const taken = [group.submit(1)];
    await tick();
    taken.push(group.submit(2), group.submit(3));
    await expect(group.submit(4)).rejects.toBeInstanceOf(Busy);
    for (let i = 0; i < 3; i++) {
      release();
      await tick();
    }
    await Promise.all(taken);
    expect(batches.flat()).toEqual([1, 2, 3]);
  });

  test('an item whose deadline passed never enters a batch', async () => {
    const { batches, group, release } = gated();
    const first = group.submit(1);
    await tick();
    await expect(group.submit(2, 20)).rejects.toBeInstanceOf(Expired);
    release();
    await first;
    expect(batches).toEqual([[1]]);
    expect(group.queueAgeMs()).toBe(0);
  });

  test.each([1, 7, 64])('poison at %i of 100 is found by halving; its neighbours are answered', async (culprit) => {
    let runs = 0;
    const group = new GroupCommit<number, number>({
      run: async (items) => {
        runs++;
        await Promise.resolve();
        if (items.includes(culprit)) throw new Poison('too long');
        return items;
      },
    });
    const ends = await Promise.allSettled(Array.from({ length: 100 }, (_, i) => group.submit(i)));
    expect(ends.flatMap((end, i) => (end.status === 'rejected' ? [i] : []))).toEqual([culprit]);
    expect((ends[culprit] as PromiseRejectedResult).reason).toBeInstanceOf(Poison);
    expect(runs).toBeLessThan(20);
  });

  test('RunAgain is tried at most `tries` times, then Busy', async () => {
    let runs = 0;
    const group = new GroupCommit<number, number>({
      limits: { tries: 3 },
      run: () => Promise.reject(new RunAgain(`deadlock ${++runs}`)),
    });
    await expect(group.submit(1)).rejects.toBeInstanceOf(Busy);
    expect(runs).toBe(3);
  });

  test('who is out of time leaves between tries, the others go on', async () => {
    let runs = 0;
    const group = new GroupCommit<number, number>({
      run: async (items) => {
        await tick(300);
        if (++runs === 1) throw new RunAgain('deadlock');
        return items;
      },
    });
    const [late, patient] = await Promise.allSettled([group.submit(1, 200), group.submit(2)]);
    expect((late as PromiseRejectedResult).reason).toBeInstanceOf(Busy);
    expect(patient).toEqual({ status: 'fulfilled', value: 2 });
  });

  test('any other error is the answer of the whole batch, once', async () => {
    let runs = 0;
    const group = new GroupCommit<number, number>({ run: () => Promise.reject(new Error(`run ${++runs}`)) });
    const ends = await Promise.allSettled([group.submit(1), group.submit(2)]);
    expect(ends.map((end) => String((end as PromiseRejectedResult).reason))).toEqual(['Error: run 1', 'Error: run 1']);
  });

  test('close answers what was taken and takes nothing more', async () => {
    const { group, release } = gated();
    const taken = group.submit(1);
    await tick();
    const closing = group.close();
    await expect(group.submit(2)).rejects.toBeInstanceOf(Closed);
    release();
    await closing;
    expect(await taken).toBe(2);
  });

  test('idle work runs in the writer’s own turn only', async () => {
    const { batches, group, release } = gated();
    let open: () => void = () => undefined;
    const idle = group.whenIdle(() => new Promise<void>((resolve) => (open = resolve)));
    const item = group.submit(1);
    await tick();
    expect(batches).toEqual([]);
    open();
    expect(await idle).toBe(true);
    await tick();
    expect(await group.whenIdle(() => Promise.resolve())).toBe(false);
    release();
    await item;
  });
});

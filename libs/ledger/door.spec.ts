import type { LaneTx } from '@yidian/journal';
import { Door, type DoorRequest } from './door';
import type { PostingRow } from './ledger.store';

const request = (key: string, over: Partial<DoorRequest> = {}): DoorRequest => ({
  ...{ key, keyDay: '2026-11-29', name: `2026-11-29 ${key}`, actor: 'test', input: undefined, transfers: [] },
  ...{ limited: [], opens: [], reject: undefined, notes: undefined, plan: undefined, currency: 'CNY' },
  ...{ facts: undefined, effects: undefined, dryRun: false, tried: false },
  ...over,
});

const stored: PostingRow = {
  ...{ key_day: '2026-11-29', k: 'old', outcome: 'posted', reason: '', actor: 'test', input_hash: '', input: '' },
  ...{ balances: '{}', lane_id: 1, batch_no: 1n, n: 0, at: new Date(0) },
};

/** Keys that a batch looks for before it writes. */
function lookedFor(door: Door, items: readonly DoorRequest[]): unknown {
  const look = door.reads(items).find(({ sql }) => sql.includes('FROM posting'));
  return look?.params?.[1] ?? [];
}

describe('keys that the door looks for', () => {
  test('new ones are found out by their INSERT; what comes again in a later batch is looked for', () => {
    const door = new Door();
    const items = [request('a'), request('b')];
    expect(lookedFor(door, items)).toEqual([]);
    expect(lookedFor(door, [...items, request('c')])).toEqual(['a', 'b']);
  });

  test.each([
    { name: 'a rehearsal', over: { dryRun: true } },
    {
      name: 'a plan',
      over: { plan: { decide: () => ({ transfers: [] }) } as unknown as NonNullable<DoorRequest['plan']> },
    },
  ])('$name is looked for at once', ({ over }) => {
    expect(lookedFor(new Door(), [request('a', over), request('b')])).toEqual(['a']);
  });

  test('once a stored key was met, everybody is looked for, for a while', async () => {
    const door = new Door();
    const again = [request('old')];
    door.reads(again);
    const reads = [[stored]] as unknown as Parameters<Door['apply']>[2];
    const tx = { foundStored: () => undefined, addFacts: () => undefined } as unknown as LaneTx;
    await door.apply(tx, again, reads);
    expect(lookedFor(door, [request('new')])).toEqual(['new']);
    for (let batch = 1; batch < 256; batch++) door.reads([request(`batch ${batch}`)]);
    expect(lookedFor(door, [request('later')])).toEqual([]);
  });
});

import { testDatabase, type TestDatabase } from '@yidian/testing';
import { schema } from '../schema';
import { NIGHT, stepId } from './night-graph';
import { StepLost, StepsStore } from './steps.store';

const DATE = '2026-11-22';
const cut = stepId('bank_a', DATE, 1, 'cut');
const pull = stepId('bank_a', DATE, 1, 'pull');
const HASH = 'f'.repeat(64);

describe('steps of the night', () => {
  let database: TestDatabase;
  let steps: StepsStore;

  beforeAll(async () => (database = await testDatabase(schema)));
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.db.run('DELETE FROM step');
    await database.db.run('DELETE FROM step_edge');
    steps = new StepsStore(database.db);
    await steps.begin('bank_a', DATE, 1, NIGHT);
  });

  const state = async (id: string) =>
    (await database.db.select<{ state: string }>('SELECT state FROM step WHERE id = ?', [id]))[0]?.state;
  /** As if a minute had passed since the last heartbeat. */
  const leaseOver = () =>
    database.db.run("UPDATE step SET lease_until = NOW(3) - INTERVAL 1 SECOND WHERE state = 'running'");

  test('a night is begun once', async () => {
    expect(await steps.begin('bank_a', DATE, 1, NIGHT)).toBe(false);
    const all = await Promise.all([1, 2, 3].map(() => steps.begin('demo_bank', DATE, 1, NIGHT)));
    expect(all.filter(Boolean)).toHaveLength(1);
  });

  test('of many workers one gets a step', async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, () => steps.claim(cut)));
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    expect(claims.find((claim) => claim !== null)?.fence).toBe(1n);
  });

  test('a step whose parent is not done cannot be claimed', async () => {
    expect(await steps.claim(pull)).toBeNull();
  });

  test('an expired lease is taken over, and what the loser computed is refused', async () => {
    const first = await steps.claim(cut);
    if (!first) throw new Error('not claimed');
    expect(await steps.claim(cut)).toBeNull();
    await leaseOver();
    const second = await steps.claim(cut);
    if (!second) throw new Error('not taken over');
    expect(second.fence).toBe(2n);
    expect(await steps.beat(first)).toBe(false);
    let wrote = false;
    const loser = steps.publish(first, HASH, async () => {
      wrote = true;
      await Promise.resolve();
    });
    await expect(loser).rejects.toThrow(StepLost);
    expect(wrote).toBe(false);
    expect(await steps.publish(second, HASH)).toEqual([pull]);
    expect(await state(pull)).toBe('ready');
  });

  test('what a step publishes and its end are one: an error leaves neither', async () => {
    const step = await steps.claim(cut);
    if (!step) throw new Error('not claimed');
    const broken = steps.publish(step, HASH, async (tx) => {
      await tx.run("INSERT INTO alarm (id, kind, provider, detail, at) VALUES (UUID(), 'x', '', '', NOW(3))");
      throw new Error('cut in the middle');
    });
    await expect(broken).rejects.toThrow('cut in the middle');
    expect(await database.db.select('SELECT id FROM alarm')).toEqual([]);
    expect(await state(cut)).toBe('running');
    expect(await state(pull)).toBe('waiting');
  });

  test('what was given back is due only after its pause', async () => {
    const step = await steps.claim(cut);
    if (!step) throw new Error('not claimed');
    await steps.giveBack(step, 'failed', 60_000, 'the gateway is away');
    expect(await steps.claim(cut)).toBeNull();
    expect(await steps.due()).toEqual([]);
    await steps.hurry('bank_a', DATE);
    expect((await steps.due()).map((due) => due.id)).toEqual([cut]);
    expect((await steps.claim(cut))?.tries).toBe(2);
  });

  test('run again: a new generation from the statement on, the old one kept as superseded', async () => {
    expect(await steps.begin('bank_a', DATE, 2, NIGHT.slice(2))).toBe(true);
    const rows = await steps.ofDate(DATE);
    expect(rows.map((row) => `${row.generation} ${row.name}`)).toHaveLength(NIGHT.length);
    expect(await state(stepId('bank_a', DATE, 1, 'match'))).toBe('superseded');
    expect(await state(cut)).toBe('ready');
  });
});

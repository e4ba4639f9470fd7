import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgramName } from '../../tools/platform/environment';
import { verifyBooks } from '../../tools/platform/verify-books';
import { startStage, type Stage } from '../e2e/stage';
import { interruptedDay, type Blow } from './interrupted-day';
import { lostOrDoubled } from './outside-view';

/** Each service is killed with SIGKILL while money moves and again in the night, and is away for a second. */
const killed = (name: ProgramName, when: Blow['when']): Blow => ({
  name: `${name} killed at ${when}`,
  when,
  strike: async ({ platform }) => {
    await platform.kill(name);
    await sleep(1_000);
    await platform.restart(name);
  },
});

describe('a day on which every service is killed', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await startStage('killed', { demoPayments: 120 });
  }, 120_000);

  afterAll(() => stage?.stop());

  test('nothing is lost, nothing is doubled, and the night finds exactly what was put in', async () => {
    const result = await interruptedDay(stage, [
      killed('billing', 0.1),
      killed('gateway', 0.25),
      killed('settlement', 0.4),
      killed('reconciliation', 0.5),
      killed('sandbox', 0.6),
      killed('billing', 0.75),
      killed('gateway', 0.9),
      killed('reconciliation', 'night'),
      killed('settlement', 'night'),
      killed('billing', 'night'),
      killed('gateway', 'night'),
    ]);
    expect(result.problems).toEqual([]);
    expect(result).toMatchObject({ ok: true, false: 0, found: result.injected, branchesOk: result.branches });
    expect(await lostOrDoubled(stage)).toEqual([]);
    expect((await verifyBooks(stage.ports)).checks.filter(({ ok }) => !ok)).toEqual([]);
  }, 720_000);
});

import { createLogger } from '@yidian/telemetry';
import { testDatabase, testRedisUrl, type TestDatabase } from '@yidian/testing';
import { reconciliationConfig } from '../reconciliation.config';
import { schema } from '../schema';
import type { BeginDue } from './begin-due';
import { isPast } from './begin-due';
import { NightBell } from './night-bell';
import { NIGHT } from './night-graph';
import { again, done, failed, type StepOutcome, type StepWork } from './step-work';
import { StepsStore } from './steps.store';
import { SweepJob } from './sweep.job';
import { WorkStep } from './work-step';

const DATE = '2026-11-22';
const logger = createLogger({ service: 'test', level: 'silent' });
const noneDue = { execute: () => Promise.resolve() } as unknown as BeginDue;
const config = reconciliationConfig.parse({
  ...{ MODE: 'test', DATABASE_URL: 'x', REDIS_URL: 'x', RPC_PORT: '0', HTTP_PORT: '0', DATA_DIR: 'x', OUT_DIR: 'x' },
  ...{ GATEWAY_RPC: 'h:1', BILLING_RPC: 'h:1', SETTLEMENT_RPC: 'h:1' },
});

describe('the sweep', () => {
  let database: TestDatabase;
  let steps: StepsStore;
  const bells: NightBell[] = [];

  beforeEach(async () => {
    database = await testDatabase(schema);
    steps = new StepsStore(database.db);
    await steps.begin('bank_a', DATE, 1, NIGHT);
  });
  afterEach(async () => {
    await Promise.all(bells.splice(0).map((bell) => bell.close()));
    await database.close();
  });

  function night(redisUrl: string, cut: (tries: number) => StepOutcome): SweepJob {
    const works: StepWork[] = NIGHT.map((name) => ({
      name,
      run: ({ tries }) => Promise.resolve(name === 'cut' ? cut(tries) : done('f'.repeat(64))),
    }));
    const bell = new NightBell(redisUrl);
    bells.push(bell);
    return new SweepJob(steps, bell, new WorkStep(steps, bell, works, logger), noneDue, config, logger);
  }
  const stateOf = async (name: (typeof NIGHT)[number]) =>
    (await steps.ofDate(DATE)).find((step) => step.name === name)?.state;

  test('without Redis the whole night is done by the sweep alone', async () => {
    const sweep = night('unix:///nowhere/redis.sock', () => done('e'.repeat(64)));
    for (let turn = 0; turn < NIGHT.length; turn++) await sweep.execute();
    expect(await stateOf('notify')).toBe('done');
  });

  test('with Redis it only rings: whoever hears it works', async () => {
    const sweep = night(testRedisUrl(), () => done('e'.repeat(64)));
    await sweep.execute();
    expect(await stateOf('cut')).toBe('ready');
  });

  test('a step that fails is tried again after its pause, and its reason is told', async () => {
    const sweep = night('unix:///nowhere/redis.sock', (tries) =>
      tries < 2 ? failed('the gateway is away') : done('e'),
    );
    await sweep.execute();
    expect((await steps.ofDate(DATE))[0]).toMatchObject({ name: 'cut', state: 'failed', error: 'the gateway is away' });
    await sweep.execute();
    expect(await stateOf('cut')).toBe('failed');
    await steps.hurry('bank_a', DATE);
    await sweep.execute();
    expect(await stateOf('cut')).toBe('done');
  });

  test('what is only too early is no failure', async () => {
    const sweep = night('unix:///nowhere/redis.sock', () => again(60_000, 'not there yet'));
    await sweep.execute();
    expect((await steps.ofDate(DATE))[0]).toMatchObject({ state: 'ready', error: 'not there yet' });
  });
});

describe('cut-off times', () => {
  test.each([
    ['2026-11-22', '23:00', '2026-11-22T14:59:59Z', false],
    ['2026-11-22', '23:00', '2026-11-22T15:00:00Z', true],
    ['2026-11-22', '00:00', '2026-11-22T15:59:59Z', false],
    ['2026-11-22', '00:00', '2026-11-22T16:00:00Z', true],
    ['2026-11-22', '00:30', '2026-11-22T16:29:59Z', false],
    ['2026-12-31', '00:30', '2026-12-31T16:30:00Z', true],
  ])('%s at %s, clock %s: %s', (date, cutOff, now, past) => {
    expect(isPast(date, cutOff, new Date(now))).toBe(past);
  });
});

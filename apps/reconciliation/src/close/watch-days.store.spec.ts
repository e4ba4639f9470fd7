import { createLogger } from '@yidian/telemetry';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { AlarmsStore } from '../alarms/alarms.store';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { reconciliationConfig } from '../reconciliation.config';
import { schema } from '../schema';
import type { NightStatus } from './night-status';
import type { SignOffDay } from './sign-off-day';
import { NIGHT } from './night-graph';
import { StepsStore } from './steps.store';
import { ALL_IS_WELL, isPast, WatchDaysJob } from './watch-days.job';

const DATE = '2026-11-22';
const logger = createLogger({ service: 'test', level: 'silent' });
const config = reconciliationConfig.parse({
  ...{ MODE: 'test', DATABASE_URL: 'x', REDIS_URL: 'x', RPC_PORT: '0', HTTP_PORT: '0', DATA_DIR: 'x', OUT_DIR: 'x' },
  ...{ GATEWAY_RPC: 'h:1', BILLING_RPC: 'h:1', SETTLEMENT_RPC: 'h:1' },
});

describe('days under watch', () => {
  let database: TestDatabase;
  let job: WatchDaysJob;
  let day: { state: string; openBreaks: number; residual: string };
  let signed: string[];
  let elsewhere: number;

  beforeEach(async () => {
    database = await testDatabase(schema);
    const steps = new StepsStore(database.db);
    await steps.begin('bank_a', DATE, 1, NIGHT);
    day = { state: 'settled', openBreaks: 0, residual: '0' };
    signed = [];
    elsewhere = 0;
    const status = {
      execute: (date: string) =>
        Promise.resolve({ date, signedOff: false, providers: [{ provider: 'bank_a', steps: [], ...day }] }),
      openElsewhere: () => Promise.resolve(elsewhere),
    } as unknown as NightStatus;
    const signOff = {
      execute: (date: string, actor: string) => Promise.resolve(void signed.push(`${date} ${actor}`)),
    } as unknown as SignOffDay;
    const alarm = new RaiseAlarm(new AlarmsStore(database.db), logger);
    job = new WatchDaysJob(steps, status, signOff, alarm, config, logger);
  });
  afterEach(() => database.close());

  const alarms = () => database.db.select<{ kind: string; date: string }>('SELECT kind, date FROM alarm');

  test('a day on which all is well signs itself at its time, not before', async () => {
    await job.execute(new Date('2026-11-23T09:59:59Z'));
    expect(signed).toEqual([]);
    await job.execute(new Date('2026-11-23T10:00:00Z'));
    expect(signed).toEqual([`${DATE} ${ALL_IS_WELL}`]);
    expect(await alarms()).toEqual([]);
  });

  test.each([
    ['a break is open', { openBreaks: 1 }],
    ['a residual is left', { residual: '-1' }],
    ['it is not settled', { state: 'matched' }],
  ])('%s: people sign', async (_why, less) => {
    day = { ...day, ...less };
    await job.execute(new Date('2026-11-24T00:00:00Z'));
    expect(signed).toEqual([]);
  });

  test('a break of a province is open: people sign', async () => {
    elsewhere = 1;
    await job.execute(new Date('2026-11-24T00:00:00Z'));
    expect(signed).toEqual([]);
  });

  test('a day that is not settled by its deadline is one alarm, however often it is looked at', async () => {
    day = { ...day, state: 'cut' };
    await job.execute(new Date('2026-11-23T03:59:59Z'));
    expect(await alarms()).toEqual([]);
    for (const at of ['2026-11-23T04:00:00Z', '2026-11-23T04:01:00Z', '2026-11-24T04:00:00Z'])
      await job.execute(new Date(at));
    expect(await alarms()).toEqual([{ kind: 'day_late', date: DATE }]);
  });

  test('off never comes', () => expect(isPast(DATE, 'off', new Date('2099-01-01T00:00:00Z'))).toBe(false));
});

import { createLogger } from '@yidian/telemetry';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { AlarmsStore } from '../alarms/alarms.store';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { DAY, History, PROVIDER } from '../matching/histories';
import { matchDay } from '../matching/match-day';
import { schema } from '../schema';
import { BreaksStore } from './breaks.store';
import { FindingsStore } from './findings.store';
import { WatchBreaksJob, shanghaiDay } from './watch-breaks.job';

const logger = createLogger({ service: 'test', level: 'silent' });

describe('breaks that grow old', () => {
  let database: TestDatabase;
  let job: WatchBreaksJob;
  let breaks: BreaksStore;

  beforeEach(async () => {
    database = await testDatabase(schema);
    breaks = new BreaksStore(database.db);
    job = new WatchBreaksJob(breaks, new RaiseAlarm(new AlarmsStore(database.db), logger), logger);
    const day = new History();
    for (let n = 0; n < 3; n++) day.payment(5_000n).gateway('paid').pay();
    const { lines, facts, prior } = day;
    const options = {
      provider: PROVIDER,
      date: DAY,
      quote: () => undefined,
      feeTolerance: 1n,
      waits: {},
      allowsReturns: false,
    };
    const result = matchDay({ provider: PROVIDER, date: DAY, lines, facts, prior, carried: [] }, options);
    await breaks.transaction((tx) =>
      new FindingsStore(breaks).report(
        tx,
        { provider: PROVIDER, date: DAY, runId: 'r' },
        result.findings,
        result.closes,
      ),
    );
  });
  afterEach(() => database.close());

  const alarms = () =>
    database.db.select<{ kind: string; detail: string }>('SELECT kind, detail FROM alarm ORDER BY kind, detail');

  test('past the due date they are one alarm per owner, told once a day', async () => {
    await job.execute('2026-11-25');
    expect(await alarms()).toEqual([]);
    const [row] = await breaks.list({ limit: 1 });
    if (!row) throw new Error('nothing found');
    const taken = { owner: 'wang', due: row.due_on, actor: 'wang' };
    await breaks.transaction((tx) => breaks.assign(tx, row, taken));
    await job.execute('2026-11-26');
    await job.execute('2026-11-26');
    expect((await alarms()).filter(({ kind }) => kind === 'break_overdue')).toEqual([
      { kind: 'break_overdue', detail: '1 breaks past their due date, 50.00 CNY, of wang' },
      { kind: 'break_overdue', detail: '2 breaks past their due date, 100.00 CNY, nobody has taken them' },
    ]);
  });

  test('each age they reach is told once', async () => {
    for (const today of ['2026-11-26', '2026-11-27', '2026-11-30', '2026-12-23', '2026-12-24'])
      await job.execute(today);
    expect((await alarms()).filter(({ kind }) => kind === 'break_aged').map(({ detail }) => detail)).toEqual([
      '3 breaks are 31 days old and open, 150.00 CNY',
      '3 breaks are 4 days old and open, 150.00 CNY',
      '3 breaks are 8 days old and open, 150.00 CNY',
    ]);
  });

  test.each([
    ['2026-11-22T15:59:59Z', '2026-11-22'],
    ['2026-11-22T16:00:00Z', '2026-11-23'],
  ])('%s is %s in Shanghai', (instant, day) => expect(shanghaiDay(new Date(instant))).toBe(day));
});

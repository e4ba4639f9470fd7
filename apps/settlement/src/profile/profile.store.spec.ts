import { ConfigError } from '@yidian/config';
import { openDb, type Db } from '@yidian/database';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommissionPlansStore } from '../commissions/commission-plans.store';
import { FeeSchedulesStore } from '../fees/fee-schedules.store';
import { entities } from '../resources/resources.module';
import { schema } from '../schema';
import { settlementConfig } from '../settlement.config';
import { ApplyProfile } from './apply-profile';
import { settlementProfile } from './settlement-profile';

const EXAMPLE = join(__dirname, '..', '..', 'profile.example.json');
const example = () => JSON.parse(readFileSync(EXAMPLE, 'utf8')) as { feeSchedules: Record<string, unknown>[] };

const config = (mode: 'test' | 'live', profile?: string) =>
  settlementConfig.parse({
    ...{ MODE: mode, DATABASE_URL: 'unused', RPC_PORT: '0', HTTP_PORT: '0' },
    ...{ GATEWAY_RPC: 'h:1', BILLING_RPC: 'h:1', RECONCILIATION_RPC: 'h:1', SETTLEMENT_PROFILE: profile },
  });

describe('the carrier’s contracts', () => {
  let database: TestDatabase;
  let db: Db;
  const apply = (mode: 'test' | 'live' = 'test', profile?: string) =>
    new ApplyProfile(config(mode, profile), new FeeSchedulesStore(db), new CommissionPlansStore(db));

  beforeAll(async () => {
    database = await testDatabase(schema);
    db = await openDb({ url: database.url, entities });
  });
  afterAll(async () => {
    await db.close();
    await database.close();
  });

  test('the example is read, and read again without effect', async () => {
    await apply('test', EXAMPLE).onModuleInit();
    await apply('test', EXAMPLE).onModuleInit();
    const [schedule] = await new FeeSchedulesStore(db).ofProvider('bank_a');
    expect(schedule).toEqual({
      ...{ id: 'bank_a-2026', provider: 'bank_a', channel: '*', validFrom: '2026-01-01', validTo: null },
      ...{ product: '*', branch: '*', base: 'charged', roundPer: 'payment', tiers: [], tierMode: 'marginal' },
      ...{ ppm: 3800n, fixed: 0n, min: 1n, cap: null, rounding: 'half_up', collection: 'netted', refundPolicy: 'kept' },
      bearers: [{ party: 'home', ppm: 1_000_000n }],
    });
    expect((await new CommissionPlansStore(db).all()).map(({ id, earner, ppm }) => [id, earner, ppm])).toEqual([
      ['acquiring-2026', 'acquiring_branch', 5000n],
      ['partner_api-2026', 'partner', 5000n],
    ]);
  });

  test('the same id with other terms stops the start', async () => {
    const changed = example();
    Object.assign(changed.feeSchedules[0] ?? {}, { ppm: 3900 });
    await expect(apply().execute(settlementProfile.parse(changed))).rejects.toThrow(/other terms/);
  });

  test('a live installation refuses demo entries', async () => {
    await expect(apply('live').execute(settlementProfile.parse(example()))).rejects.toThrow(ConfigError);
  });

  test('a missing file is named by its variable', async () => {
    await expect(apply('test', '/nowhere.json').onModuleInit()).rejects.toThrow(/SETTLEMENT_PROFILE/);
  });

  test.each([
    ['a float', { ppm: 0.38 }],
    ['a negative fee', { fixed: -1 }],
    ['min above cap', { min: 100, cap: 10 }],
    ['shares that do not add up', { bearers: [{ party: 'home', ppm: 999_999 }] }],
    [
      'a party twice',
      {
        bearers: [
          { party: 'hq', ppm: 500_000 },
          { party: 'hq', ppm: 500_000 },
        ],
      },
    ],
    ['an end before the beginning', { validTo: '2025-01-01' }],
    ['a rate above all', { ppm: '1000001' }],
  ])('%s is refused', (_, terms) => {
    const changed = example();
    Object.assign(changed.feeSchedules[0] ?? {}, terms);
    expect(settlementProfile.safeParse(changed).success).toBe(false);
  });

  test('digit strings are as good as integers', () => {
    const parsed = settlementProfile.parse({
      feeSchedules: [{ id: 'x', provider: 'bank_b', validFrom: '2026-01-01', ppm: '2000', min: '10' }],
    });
    expect(parsed.feeSchedules[0]).toMatchObject({ ppm: 2000n, min: 10n, collection: 'netted', refundPolicy: 'kept' });
  });
});

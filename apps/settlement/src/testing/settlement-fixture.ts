import type { MatchedItem, RequestOf, SettleReply } from '@yidian/contracts';
import { openDb, type Db } from '@yidian/database';
import { RpcClient } from '@yidian/messaging';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommissionPlan } from '../commissions/commission';
import { CommissionPlansStore } from '../commissions/commission-plans.store';
import type { FeeSchedule } from '../fees/fee-schedules';
import { FeeSchedulesStore } from '../fees/fee-schedules.store';
import { OutboxStore } from '../outbox/outbox.store';
import { RelayExposureJob } from '../outbox/relay-exposure.job';
import { RelaySettledJob } from '../outbox/relay-settled.job';
import { Lifecycle } from '../resources/lifecycle';
import { entities } from '../resources/resources.module';
import { schema } from '../schema';
import { settlementConfig } from '../settlement.config';
import { startSettlement, type RunningSettlement } from '../start-settlement';
import { plan, schedule } from './contracts';
import { BANK, DAY, GUANGDONG, HUBEI, paymentNo } from './lines';
import { startPeers, World } from './peers';

export type ResolutionRequest = RequestOf<'settlement', 'resolutions.post'>['items'][number];

/** Settlement as it runs, on a schema of its own, with its neighbours on a real socket. */
export interface SettlementFixture {
  client: RpcClient<'settlement'>;
  world: World;
  database: TestDatabase;
  running: RunningSettlement;
  healthUrl: string;
  /** Where the other services answer. */
  peersPort: number;
  settle(runId: string, items?: MatchedItem[], date?: string): Promise<SettleReply>;
  resolve(given: Partial<ResolutionRequest> & { key: string; itemId: string }): Promise<string>;
  balances(): Promise<Record<string, string>>;
  /** Sends what billing has not been told, then fails with the names of the invariants that do not hold. */
  assertInvariants(): Promise<void>;
  /** A pass of the job that tells the gateway of partners' money. */
  relayExposure(): Promise<void>;
  /** Where payout files arrive; empty without a treasury profile. */
  payoutFolder: string;
  /** The shared archive; empty without one. */
  archiveFolder: string;
  /** Settles a run whose plain lines lie in sealed parts; `items`: those that are rows. */
  settleSealed(runId: string, parts: MatchedItem[][], items?: MatchedItem[], date?: string): Promise<SettleReply>;
  /** Ends the process and starts another on the same schema. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface FixtureOptions {
  schedules?: FeeSchedule[];
  plans?: CommissionPlan[];
  profile?: string;
  /** Treasury profile, as its file has it. */
  treasury?: object;
  /** With an archive that is shared with reconciliation. */
  archive?: boolean;
  /** A billing that runs, instead of the played one. */
  billingPort?: number;
}

export async function settlementFixture(options: FixtureOptions = {}): Promise<SettlementFixture> {
  const database = await testDatabase(schema);
  const world = new World();
  const peers = await startPeers(world);
  await addContracts(database, options);
  const treasury = options.treasury && (await treasuryFolder(options.treasury));
  const archiveFolder = options.archive ? await mkdtemp(join(tmpdir(), 'archive-')) : '';
  const boot = () => startSettlement(configOf(database, peers.port, options, { treasury, archiveFolder }));
  let running = await boot();
  let client = new RpcClient('settlement', '127.0.0.1', running.rpcPort, 20_000);
  const fixture: SettlementFixture = {
    ...{ database, world, peersPort: peers.port, payoutFolder: treasury?.folder ?? '', archiveFolder },
    get client() {
      return client;
    },
    get running() {
      return running;
    },
    get healthUrl() {
      return `http://127.0.0.1:${running.app.get(Lifecycle, { strict: false }).healthPort}/health/ready`;
    },
    settle: (runId, items, date = DAY) => {
      if (items) world.runs.set(runId, items);
      return client.call('provider_days.settle', { provider: BANK, date, runId, digest: `digest of ${runId}` });
    },
    settleSealed: async (runId, parts, items = [], date = DAY) => {
      await world.sealed.seal(archiveFolder, runId, parts);
      return fixture.settle(runId, items, date);
    },
    resolve: async (given) => {
      const { items } = await client.call('resolutions.post', { items: [{ ...RESOLUTION, ...given }] });
      return [items[0]?.outcome, items[0]?.reason, items[0]?.replay ? 'replay' : undefined].filter(Boolean).join(' ');
    },
    balances: () => balancesOf(database),
    assertInvariants: async () => {
      await drained(running);
      const { checks } = await client.call('ledger.invariants', {});
      expect(checks.filter((check) => !check.ok)).toEqual([]);
      // None of them is left out, either.
      expect(checks.map(({ name }) => name.slice(0, 2))).toEqual(expect.arrayContaining(INVARIANTS));
    },
    relayExposure: () => running.app.get(RelayExposureJob, { strict: false }).pass(),
    restart: async () => {
      client.close();
      await running.app.close();
      running = await boot();
      client = new RpcClient('settlement', '127.0.0.1', running.rpcPort, 20_000);
    },
    close: async () => {
      client.close();
      await running.app.close();
      await peers.app.close();
      await database.close();
      for (const folder of [treasury?.folder, archiveFolder]) if (folder) await rm(folder, { recursive: true });
    },
  };
  return fixture;
}

const INVARIANTS = ['M1', 'M2', 'M3', 'M4', 'S3', 'S4'];

const RESOLUTION = {
  provider: BANK,
  date: DAY,
  action: 'credit' as const,
  paymentNo: paymentNo(1),
  branch: HUBEI,
  acquiringBranch: GUANGDONG,
  channel: 'sms',
  partner: '',
  amount: '5000',
  actor: 'clerk.b',
};

/** A folder with the profile; payout files go there, too. */
async function treasuryFolder(profile: object): Promise<{ folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'treasury-'));
  await writeFile(join(folder, 'treasury.json'), JSON.stringify(profile));
  return { folder };
}

function configOf(
  database: TestDatabase,
  peerPort: number,
  { profile, billingPort = peerPort }: FixtureOptions,
  { treasury, archiveFolder }: { treasury: { folder: string } | undefined; archiveFolder: string },
) {
  const peer = `127.0.0.1:${peerPort}`;
  return settlementConfig.parse({
    MODE: 'test',
    DATABASE_URL: database.url,
    RPC_PORT: '0',
    HTTP_PORT: '0',
    GATEWAY_RPC: peer,
    BILLING_RPC: `127.0.0.1:${billingPort}`,
    RECONCILIATION_RPC: peer,
    LOG_LEVEL: 'silent',
    ...(profile === undefined ? {} : { SETTLEMENT_PROFILE: profile }),
    ...(treasury && { TREASURY_PROFILE: join(treasury.folder, 'treasury.json'), PAYOUT_FOLDER: treasury.folder }),
    ...(archiveFolder === '' ? {} : { ARCHIVE_DIR: archiveFolder }),
  });
}

async function addContracts(database: TestDatabase, { schedules, plans }: FixtureOptions): Promise<void> {
  const db: Db = await openDb({ url: database.url, entities });
  for (const one of schedules ?? [schedule()]) await new FeeSchedulesStore(db).add(one);
  for (const one of plans ?? [plan()]) await new CommissionPlansStore(db).add(one);
  await db.close();
}

/** The relay's own pass may have claimed a message a moment ago: what is left is what billing has really not taken. */
async function drained({ app }: RunningSettlement): Promise<void> {
  const outbox = app.get(OutboxStore, { strict: false });
  for (let n = 0; n < 100 && (await outbox.pending()).open > 0; n++) {
    app.get(RelaySettledJob, { strict: false }).ring();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Accounts that are not at zero, credits − debits. */
async function balancesOf({ db }: TestDatabase): Promise<Record<string, string>> {
  const rows = await db.select<{ id: string; total: bigint }>(
    `SELECT account_id AS id, CAST(SUM(balance) AS SIGNED) AS total FROM account_part GROUP BY account_id
     HAVING total <> 0 ORDER BY id`,
  );
  return Object.fromEntries(rows.map(({ id, total }) => [id, String(total)]));
}

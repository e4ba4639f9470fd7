import { mkdtempSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryArchive } from '@yidian/archive';
import type { ProviderInfo, StatementReply } from '@yidian/contracts';
import { createLogger } from '@yidian/telemetry';
import { testDatabase, type TestDatabase } from '@yidian/testing';
import { AlarmsStore } from '../alarms/alarms.store';
import { RaiseAlarm } from '../alarms/raise-alarm';
import { BreaksStore } from '../breaks/breaks.store';
import { FindingsStore } from '../breaks/findings.store';
import type { StepOutcome, StepRow } from '../close/step-work';
import { Peers } from '../peers';
import { KnownProviders } from '../providers/known-providers';
import { reconciliationConfig, type ReconciliationConfig } from '../reconciliation.config';
import { schema } from '../schema';
import { CompareVersions } from '../statements/compare-versions';
import { FetchStatement } from '../statements/fetch-statement';
import { LateStatementsJob } from '../statements/late-statements.job';
import { ParseStatement } from '../statements/parse-statement';
import { ReadStatement } from '../statements/read-statement';
import { StatementRowsStore } from '../statements/statement-rows.store';
import { StatementsStore, type StatementFile } from '../statements/statements.store';
import { WaitsStore } from '../statements/waits.store';
import { TcpPeer } from './tcp-peer';

export const DATE = '2026-11-22';

type Played = { state: 'ready'; fileName: string; bytes: Buffer } | { state: 'not_ready' } | { state: 'none_today' };

/** Steps `fetch` and `parse` on a real database and archive, before a gateway that answers what the test has put there. */
export class StatementStage {
  readonly folder = mkdtempSync(join(tmpdir(), 'yd-statements-'));
  readonly archive = new DirectoryArchive(join(this.folder, 'archive'));
  readonly providers = new Map<string, Partial<ProviderInfo>>([['bank_a', {}]]);
  readonly answers = new Map<string, Played>();
  /** Bytes per answer of the gateway. */
  part = 1_000_000;
  /** Called once, after the gateway has answered. */
  afterAnswer: (() => void) | undefined;
  database!: TestDatabase;
  config!: ReconciliationConfig;
  peers!: Peers;
  store!: StatementsStore;
  rows!: StatementRowsStore;
  waits!: WaitsStore;
  breaks!: BreaksStore;
  read!: ReadStatement;
  fetch!: FetchStatement;
  parse!: ParseStatement;
  late!: LateStatementsJob;

  readonly gateway = new TcpPeer<'gateway'>({
    'providers.list': () => ({
      providers: [...this.providers].map(([code, more]) => ({
        ...{ code, nameZh: code, nameEn: code, kind: 'bank' as const, openDate: DATE },
        ...more,
      })),
    }),
    'statements.fetch': ({ provider, date, part }) => this.answer(`${provider} ${date}`, part?.offset ?? 0),
  });

  static async open(): Promise<StatementStage> {
    const stage = new StatementStage();
    stage.database = await testDatabase(schema);
    await stage.build();
    return stage;
  }

  private async build(): Promise<void> {
    const { db, url } = this.database;
    this.config = reconciliationConfig.parse({
      ...{ MODE: 'test', DATABASE_URL: url, REDIS_URL: 'x', RPC_PORT: '0', HTTP_PORT: '0' },
      ...{ DATA_DIR: this.folder, OUT_DIR: this.folder, FETCH_RETRY_MS: '100' },
      ...{ GATEWAY_RPC: 'h:1', BILLING_RPC: 'h:1', SETTLEMENT_RPC: 'h:1' },
    });
    const nowhere = { host: '127.0.0.1', port: 1 };
    this.peers = new Peers({ gateway: await this.gateway.listen(), billing: nowhere, settlement: nowhere });
    const logger = createLogger({ service: 'test', level: 'silent' });
    const alarm = new RaiseAlarm(new AlarmsStore(db), logger);
    const known = new KnownProviders(this.peers);
    this.store = new StatementsStore(db);
    this.rows = new StatementRowsStore(db);
    this.waits = new WaitsStore(db);
    this.breaks = new BreaksStore(db);
    this.read = new ReadStatement(this.archive);
    this.late = new LateStatementsJob(this.waits, alarm, this.config, logger);
    this.fetch = new FetchStatement(this.store, this.waits, this.peers, known, this.archive, this.config);
    const compare = new CompareVersions(this.read, this.config);
    const findings = new FindingsStore(this.breaks);
    this.parse = new ParseStatement(this.store, this.rows, this.read, compare, this.fetch, findings, known, alarm);
  }

  /** What the provider has for the date from now on. */
  play(bytes: Buffer | string, place: { provider?: string; date?: string; fileName?: string } = {}): void {
    const { provider = 'bank_a', date = DATE } = place;
    const { fileName = `${date}.txt` } = place;
    this.answers.set(`${provider} ${date}`, { state: 'ready', fileName, bytes: Buffer.from(bytes as string) });
  }

  step(name: 'fetch' | 'parse', { provider = 'bank_a', date = DATE, tries = 1 } = {}): StepRow {
    return { id: `${provider}-${name}`, provider, date, generation: 1, name, state: 'running', fence: 1n, tries };
  }

  async night(place: { provider?: string; date?: string } = {}): Promise<StepOutcome> {
    const fetched = await this.fetch.run(this.step('fetch', place));
    return fetched.kind === 'done' ? this.parse.run(this.step('parse', place)) : fetched;
  }

  async current(provider = 'bank_a', date = DATE): Promise<StatementFile> {
    const file = await this.store.current(provider, date);
    if (!file) throw new Error('there is no file');
    return file;
  }

  alarms(): Promise<{ kind: string; detail: string }[]> {
    return this.database.db.select('SELECT kind, detail FROM alarm ORDER BY at');
  }

  async close(): Promise<void> {
    this.peers.onApplicationShutdown();
    await Promise.all([this.gateway.close(), this.database.close()]);
    rmSync(this.folder, { recursive: true });
  }

  private answer(place: string, from: number): StatementReply {
    const played = this.answers.get(place) ?? { state: 'not_ready' as const };
    const after = this.afterAnswer;
    this.afterAnswer = undefined;
    after?.();
    if (played.state !== 'ready') return played;
    const { fileName, bytes } = played;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const part = bytes.subarray(from, from + this.part);
    const whole = part.length === bytes.length ? {} : { bytes: bytes.length };
    return { state: 'ready', fileName, sha256, contentBase64: part.toString('base64'), ...whole };
  }
}

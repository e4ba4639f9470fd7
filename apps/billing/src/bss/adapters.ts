import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Audit } from '@yidian/journal';
import type { SigningKey, VerifyingKey } from '@yidian/security';
import type { Logger } from '@yidian/telemetry';
import { setTimeout } from 'node:timers/promises';
import { CONFIG, type BillingConfig } from '../billing.config';
import { LOGGER } from '../resources/logger';
import { AdaptersStore, type AdapterRow } from './adapters.store';
import { keysOf, readProfile, readSigningKey } from './bss-profile';
import { BssLink } from './wire/bss-link';
import { GuardedBss, type Exchange } from './wire/guarded-bss';

/** A branch's own billing system, as it is reached. */
export interface Province {
  adapter: AdapterRow;
  /** What it signs with. */
  keys: readonly VerifyingKey[];
  bss: GuardedBss;
}

const REFRESH_MS = 10_000;
/** Whoever is still being waited for then is unknown, and asked about by the next process. */
const CLOSE_MS = 500;

/**
 * Which branches keep their own billing system, and the line to each. A branch that went back to `local` keeps its line: what
 * it was asked before is still asked after.
 */
@Injectable()
export class Adapters implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly provinces = new Map<string, Province>();
  private remote: ReadonlySet<string> = new Set();
  private ownKey: SigningKey | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: BillingConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly store: AdaptersStore,
    private readonly audit: Audit,
  ) {}

  async onModuleInit(): Promise<void> {
    const { BSS_KEY_FILE, BSS_PROFILE } = this.config;
    if (BSS_KEY_FILE) this.ownKey = readSigningKey(BSS_KEY_FILE);
    if (BSS_PROFILE) await this.import(BSS_PROFILE);
    await this.refresh();
    const refresh = () =>
      this.refresh().catch((err: unknown) => this.logger.warn({ err }, 'branch adapters were not read'));
    this.timer = setInterval(() => void refresh(), REFRESH_MS);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async onApplicationShutdown(): Promise<void> {
    const closed = Promise.all([...this.provinces.values()].map(({ bss }) => bss.close()));
    await Promise.race([closed, setTimeout(CLOSE_MS, undefined, { ref: false })]);
  }

  /** New orders of this branch go to its own system. */
  isRemote(branch: string): boolean {
    return this.remote.has(branch);
  }

  find(branch: string): Province | undefined {
    return this.provinces.get(branch);
  }

  all(): Province[] {
    return [...this.provinces.values()];
  }

  /** What we sign with; undefined while no branch has its own system. */
  get signingKey(): SigningKey | undefined {
    return this.ownKey;
  }

  async refresh(): Promise<void> {
    const rows = await this.store.all();
    for (const row of rows) this.connect(row);
    this.remote = new Set(rows.filter(({ kind }) => kind === 'remote').map(({ branch }) => branch));
  }

  /** @throws Error when a live installation is given a province that a sandbox plays */
  private async import(path: string): Promise<void> {
    for (const { adapter, theirKeys, demo, ...branch } of readProfile(path).branches) {
      if (demo && this.config.MODE === 'live') throw new Error(`${path}: branch ${branch.branch} is a demo`);
      await this.change({ ...branch, kind: adapter, theirKeys: JSON.stringify(theirKeys) });
    }
  }

  /** Where a branch's money is kept is nothing that changes without a record. */
  private async change(row: AdapterRow): Promise<void> {
    const known = (await this.store.all()).find(({ branch }) => branch === row.branch);
    const [before, after] = [known && JSON.stringify(known), JSON.stringify(row, known && Object.keys(known))];
    if (before === after) return;
    const object = `branch/${row.branch}`;
    await this.audit.append({ actor: 'profile', action: 'bss_adapter', object, before: before ?? null, after });
    await this.store.put(row, new Date());
  }

  private connect(adapter: AdapterRow): void {
    const known = this.provinces.get(adapter.branch);
    if (known && JSON.stringify(known.adapter) === JSON.stringify(adapter)) return;
    if (!this.ownKey) throw new Error(`branch ${adapter.branch} has its own billing system: BSS_KEY_FILE is needed`);
    const { baseUrl, concurrency } = adapter;
    const keys = keysOf(adapter);
    const link = new BssLink({
      baseUrl,
      ourKey: this.ownKey,
      theirKeys: keys,
      connections: concurrency * 4, // orders, queries and looks each have their own places
    });
    // What had no answer is looked for later; the rest is told by the orders' own history.
    const record = (exchange: Exchange) =>
      this.logger[exchange.word === 'unknown' ? 'info' : 'debug'](exchange, 'province asked');
    this.provinces.set(adapter.branch, { adapter, keys, bss: new GuardedBss(link, { ...adapter, record }) });
    void known?.bss.close(); // answers under way still come
  }
}

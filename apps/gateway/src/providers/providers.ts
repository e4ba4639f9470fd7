import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { GuardedConnector, type Exchange, type ProviderProfile } from '@yidian/connectors/contract';
import { Problem } from '@yidian/errors';
import { Books } from '@yidian/journal';
import { CARRIER_PROFILE, type CarrierProfile, type ProviderEntry } from '../access';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG, LOGGER, SECRETS, type Logger, type Secrets } from '../platform';
import { Maintenance } from '../routing/maintenance';
import { makeConnector } from './connectors';
import { ProvidersStore, type ProviderRow } from './providers.store';

export interface Provider {
  row: ProviderRow;
  profile: ProviderProfile;
  connector: GuardedConnector;
}

/** Who holds the payers' money: one guarded connector each, made from the carrier's profile at boot. */
@Injectable()
export class Providers implements OnModuleInit, OnApplicationShutdown {
  private readonly known = new Map<string, Provider>();

  constructor(
    private readonly store: ProvidersStore,
    private readonly books: Books,
    private readonly maintenance: Maintenance,
    @Inject(CARRIER_PROFILE) private readonly profile: CarrierProfile,
    @Inject(SECRETS) private readonly secrets: Secrets,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const entry of this.profile.providers) {
      await this.store.upsert(rowOf(entry), new Date());
      await this.books.ensureProvider(entry.code, entry.firstBusinessDate);
    }
    const rows = new Map((await this.store.all()).map((row) => [row.code, row]));
    for (const entry of this.profile.providers)
      this.known.set(entry.code, this.open(entry, rows.get(entry.code) ?? rowOf(entry)));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.known.values()].map(({ connector }) => connector.close()));
  }

  all(): Provider[] {
    return [...this.known.values()];
  }

  find(code: string): Provider | undefined {
    return this.known.get(code);
  }

  /** @throws Problem provider_unknown */
  get(code: string): Provider {
    const provider = this.known.get(code);
    if (!provider) throw new Problem('provider_unknown');
    return provider;
  }

  /**
   * One that may be called for new money now.
   * @throws Problem provider_unknown when it cannot do this, provider_down while it is stopped or left alone,
   * maintenance while it is planned to be away
   */
  forNewMoney(code: string, ability: 'debit' | 'cashier' | 'agreement'): Provider {
    const provider = this.get(code);
    if (!provider.connector.capabilities[ability]) throw new Problem('provider_unknown');
    const back = this.maintenance.awayUntil(code);
    if (back) throw new Problem('maintenance', { retryAfter: Math.ceil((back.getTime() - Date.now()) / 1000) });
    if (provider.row.state !== 'open' || !provider.connector.available()) {
      throw new Problem('provider_down', { retryAfter: 30 });
    }
    return provider;
  }

  private open(entry: ProviderEntry, row: ProviderRow): Provider {
    const { connector: inner, profile } = makeConnector(entry, this.secrets.providers[entry.code] ?? {}, {
      callbackUrl: `${this.config.PUBLIC_URL}/callbacks/${entry.code}`,
      ourKey: this.secrets.signingKey,
      now: () => new Date(),
    });
    const connector = new GuardedConnector(inner, {
      deadlineMs: profile.deadlineMs,
      concurrency: profile.concurrency,
      record: (exchange) => this.record(exchange),
    });
    return { row, profile, connector };
  }

  /** One line per exchange; order numbers are ours and say nothing about a person. */
  private record(exchange: Exchange): void {
    const level = exchange.outcome === 'unknown' ? 'warn' : 'debug';
    this.logger[level]({ exchange }, 'provider');
  }
}

function rowOf(entry: ProviderEntry): ProviderRow {
  return {
    code: entry.code,
    name_zh: entry.nameZh,
    name_en: entry.nameEn,
    kind: entry.kind,
    connector: entry.connector,
    first_business_date: entry.firstBusinessDate,
    profile: JSON.stringify(entry.profile),
    state: 'open',
  };
}

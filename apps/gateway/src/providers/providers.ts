import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { GuardedConnector, type Exchange } from '@yidian/connectors/contract';
import { Problem } from '@yidian/errors';
import { Books } from '@yidian/journal';
import { CARRIER_PROFILE, type CarrierProfile, type ProviderEntry } from '../access';
import { LOGGER, SECRETS, type Logger, type Secrets } from '../platform';
import { makeConnector } from './connectors';
import { providerProfile, type ProviderProfile } from './provider-profile';
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
    @Inject(CARRIER_PROFILE) private readonly profile: CarrierProfile,
    @Inject(SECRETS) private readonly secrets: Secrets,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const entry of this.profile.providers) {
      await this.store.upsert(rowOf(entry), new Date());
      await this.books.ensureProvider(entry.code, entry.firstBusinessDate);
    }
    for (const row of await this.store.all()) this.known.set(row.code, this.open(row));
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
   * @throws Problem provider_unknown when it cannot do this, provider_down while it is stopped or left alone
   */
  forNewMoney(code: string, ability: 'debit' | 'cashier' | 'agreement'): Provider {
    const provider = this.get(code);
    if (!provider.connector.capabilities[ability]) throw new Problem('provider_unknown');
    if (provider.row.state !== 'open' || !provider.connector.available()) {
      throw new Problem('provider_down', { retryAfter: 30 });
    }
    return provider;
  }

  private open(row: ProviderRow): Provider {
    const profile = providerProfile.parse(JSON.parse(row.profile));
    const connector = new GuardedConnector(makeConnector(row, this.secrets.signingKey), {
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
    base_url: entry.baseUrl,
    our_key_id: entry.ourKeyId,
    their_key_id: entry.theirKeyId,
    their_public_key: entry.theirPublicKeyPem,
    first_business_date: entry.firstBusinessDate,
    profile: JSON.stringify(entry.profile),
    state: 'open',
  };
}

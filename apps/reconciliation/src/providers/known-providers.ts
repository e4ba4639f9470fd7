import { Injectable } from '@nestjs/common';
import { reconciliationProfile, type ProviderInfo, type ReconciliationProfile } from '@yidian/contracts';
import { Peers } from '../peers';
import { statementSchedule, type StatementSchedule } from './statement-schedule';

export interface KnownProvider extends Omit<ProviderInfo, 'profile' | 'connector'> {
  connector: string;
  profile: ReconciliationProfile;
  schedule: StatementSchedule;
}

/** Who has books and statements, as the gateway's profile says now. */
@Injectable()
export class KnownProviders {
  constructor(private readonly peers: Peers) {}

  async list(): Promise<KnownProvider[]> {
    const { providers } = await this.peers.gateway.call('providers.list', {});
    return providers.map((info) => {
      const { connector = 'bank-direct', profile = {} } = info;
      const schedule = statementSchedule(connector, profile);
      return { ...info, connector, profile: reconciliationProfile.parse(profile), schedule };
    });
  }

  async get(code: string): Promise<KnownProvider> {
    const found = (await this.list()).find((provider) => provider.code === code);
    if (!found) throw new Error(`the gateway knows no provider ${code}`);
    return found;
  }
}

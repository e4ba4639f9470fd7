import { providerProfile, type Connector, type ProviderProfile, type Surroundings } from '@yidian/connectors/contract';
import { CONNECTORS } from '@yidian/connectors/registry.gen';
import type { ProviderEntry } from '../access';

export interface Made {
  connector: Connector;
  profile: ProviderProfile;
}

/**
 * Opens a provider as the carrier's profile describes it; what the profile leaves out is as usual for its connector.
 * @param secret settings of this provider from the secrets file
 * @throws Error naming the provider and the setting, never a value
 */
export function makeConnector(entry: ProviderEntry, secret: object, around: Omit<Surroundings, 'provider'>): Made {
  const definition = CONNECTORS.find(({ name }) => name === entry.connector);
  if (!definition) throw new Error(`provider ${entry.code}: there is no connector ${entry.connector}`);
  const settings = definition.settings.safeParse({ ...entry.settings, ...secret });
  if (!settings.success) {
    const path = settings.error.issues[0]?.path.join('.') ?? '';
    throw new Error(`provider ${entry.code}: its setting ${path} does not fit ${definition.name}`);
  }
  return {
    connector: definition.open(settings.data, { ...around, provider: entry.code }),
    profile: providerProfile.parse({ ...definition.profile, ...entry.profile }),
  };
}

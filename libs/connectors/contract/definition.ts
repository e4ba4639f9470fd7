import type { SigningKey } from '@yidian/security';
import type { z } from 'zod';
import type { Callbacks, Capabilities, Connector } from './connector';
import type { ProviderProfileInput } from './profile';
import type { StatementFormat } from './statement';

/** What a connector finds around it when a provider is opened. */
export interface Surroundings {
  /** Our code of the provider. */
  provider: string;
  /** Where its callbacks reach us, as the outside sees us: `https://…/callbacks/<provider>`. */
  callbackUrl: string;
  /** Signs our requests where the protocol is ours. */
  ourKey: SigningKey;
  now: () => Date;
}

/**
 * A connector as its folder exports it (`definition` in index.ts). The registry of folders is generated, so that a new
 * provider edits no shared file.
 */
export interface ConnectorDefinition<S extends z.ZodType = z.ZodType> {
  /** The folder's name, as a carrier's profile names it. */
  readonly name: string;
  readonly titleZh: string;
  readonly titleEn: string;
  /** The most that any provider of this kind can do. */
  readonly capabilities: Capabilities;
  /** Addresses, ids and keys that a carrier's profile and secrets file give. Every member says what it is. */
  readonly settings: S;
  /** What is usual for this kind of provider; a carrier's profile overrides it. */
  readonly profile: ProviderProfileInput;
  readonly formats: readonly StatementFormat[];
  /** @throws Error naming the setting that does not fit, never its value */
  open(settings: z.output<S>, surroundings: Surroundings): Connector;
  /**
   * Only the callbacks, from the members of `settings` that verification needs; for a connector whose settings demand more
   * than those. Where it is absent, whoever only verifies opens the connector itself.
   * @throws ZodError naming the member that does not fit
   */
  openCallbacks?(keys: unknown, surroundings: Surroundings): Callbacks;
}

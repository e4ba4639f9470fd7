import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { GatewayConfig } from '../gateway.config';
import { CONFIG, SECRETS, type Secrets } from '../platform';
import { OperatorsStore } from './operators.store';
import { Partners, SECRET_PURPOSE } from './partners';
import { PartnersStore } from './partners.store';
import { CARRIER_PROFILE, ProfileError, type CarrierProfile, type OperatorEntry, type PartnerEntry } from './profile';
import { TOTP_PURPOSE } from './sign-in-operator';

/** Brings partners, keys and operators of the profile in when they are not there yet; what is there stays. */
@Injectable()
export class LoadProfile implements OnModuleInit {
  constructor(
    @Inject(CARRIER_PROFILE) private readonly profile: CarrierProfile,
    private readonly partnersStore: PartnersStore,
    private readonly operatorsStore: OperatorsStore,
    private readonly partners: Partners,
    @Inject(SECRETS) private readonly secrets: Secrets,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.config.livemode) await this.assertNoDemo();
    await this.execute(this.profile);
  }

  async execute(profile: CarrierProfile, now: Date = new Date()): Promise<void> {
    for (const entry of profile.partners) await this.addPartner(entry, now);
    for (const entry of profile.operators) await this.addOperator(entry, now);
    this.partners.forget();
  }

  /** Test and live share no database; a demo's password is printed on a page. */
  private async assertNoDemo(): Promise<void> {
    const found = (await this.partnersStore.findDemo()) ?? (await this.operatorsStore.findDemo());
    if (found) throw new ProfileError(`Live mode refuses to start: the database holds ${found} of a demonstration.`);
  }

  private async addPartner(entry: PartnerEntry, now: Date): Promise<void> {
    const { id, name, provider, acquiringBranch, scopes, addresses, callsPerSecond, numbersPerSecond } = entry;
    const exposureLimit = entry.exposureLimit === null ? null : BigInt(entry.exposureLimit);
    const row = {
      id,
      name,
      provider,
      acquiringBranch,
      scopes,
      exposureLimit,
      exposureBasis: entry.exposureBasis,
      addresses,
      callsPerSecond,
      numbersPerSecond,
    };
    await this.partnersStore.insertMissing({ ...row, state: 'active' }, entry.demo, now);
    for (const { keyId, alg, publicKeyPem } of entry.keys) {
      const material = alg === 'hmac-sha256' ? this.secrets.vault.seal(publicKeyPem, SECRET_PURPOSE) : publicKeyPem;
      await this.partnersStore.insertMissingKey(
        { keyId, partner: id, alg, material, notBefore: now, notAfter: null },
        now,
      );
    }
  }

  private async addOperator(entry: OperatorEntry, now: Date): Promise<void> {
    const { username, name, roles, branch, passwordHash } = entry;
    const totpSealed = this.secrets.vault.seal(entry.totpSecret, TOTP_PURPOSE);
    await this.operatorsStore.insertMissing(
      { username, name, roles, branch, passwordHash, totpSealed, state: 'active' },
      entry.demo,
      now,
    );
  }
}

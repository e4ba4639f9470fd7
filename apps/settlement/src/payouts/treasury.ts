import { Inject, Injectable } from '@nestjs/common';
import { ConfigError } from '@yidian/config';
import { Problem } from '@yidian/errors';
import { readFileSync } from 'node:fs';
import { WorkingDays } from '../calendar/working-days';
import { CONFIG, type SettlementConfig } from '../settlement.config';
import { treasuryProfile, type OwnAccount, type ProviderTerms, type TreasuryProfile } from './treasury-profile';

/** The treasury profile, read once at start; without a file there are no accounts of ours and nothing is paid out. */
@Injectable()
export class Treasury {
  readonly profile: TreasuryProfile;
  readonly days: WorkingDays;

  constructor(@Inject(CONFIG) config: SettlementConfig) {
    this.profile = read(config.TREASURY_PROFILE);
    this.days = new WorkingDays(this.profile.calendar);
  }

  /** @throws Problem not_found */
  account(code: string): OwnAccount {
    const found = this.profile.accounts.find((account) => account.code === code);
    if (!found) throw new Problem('not_found', { detail: 'no account of ours has this code' });
    return found;
  }

  terms(provider: string): ProviderTerms | undefined {
    return this.profile.providers.find((terms) => terms.provider === provider);
  }

  /** Whose money an entry is, by its counterparty and text; null when it is nobody's or two could claim it. */
  claimant(texts: readonly string[]): ProviderTerms | null {
    const found = this.profile.providers.filter(({ recognisedBy }) =>
      recognisedBy.some((mark) => texts.some((text) => text.includes(mark))),
    );
    return found.length === 1 ? (found[0] ?? null) : null;
  }
}

function read(path: string | undefined): TreasuryProfile {
  if (path === undefined) return treasuryProfile.parse({});
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ConfigError('TREASURY_PROFILE: the file cannot be read as JSON', { cause });
  }
  const parsed = treasuryProfile.safeParse(json);
  if (parsed.success) return parsed.data;
  const rules = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`);
  throw new ConfigError(`TREASURY_PROFILE: ${rules.join('; ')}`);
}

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { PlainError } from '../platform/progress';

export interface NewPartner {
  id: string;
  name: string;
  keyId: string;
  publicKeyPem: string;
  scopes: string[];
  acquiringBranch: string;
  /** Whose books hold what it collects. */
  provider: string | null;
}

/** Adds a demo partner to the carrier profile. Written beside and renamed: a reader never sees half a file. */
export function addPartner(path: string, partner: NewPartner): void {
  const profile = JSON.parse(readFileSync(path, 'utf8')) as { partners: { id: string }[] };
  if (profile.partners.some((one) => one.id === partner.id))
    throw new PlainError(`There is a partner ${partner.id} already.`);
  const { id, name, provider, acquiringBranch, scopes, keyId, publicKeyPem } = partner;
  const keys = [{ keyId, alg: 'ed25519', publicKeyPem }];
  const entry = { id, name, provider, acquiringBranch, scopes, keys, exposureLimit: null, demo: true };
  const next = { ...profile, partners: [...profile.partners, entry] };
  writeFileSync(`${path}.new`, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

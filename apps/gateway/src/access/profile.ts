import { branchCode, plainDate, providerCode } from '@yidian/contracts';
import { SIGNATURE_ALGORITHMS } from '@yidian/security';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ROLES, SCOPES } from './caller';
import { EXPOSURE_BASES } from './partners.store';

/** Parsed PROFILE file, as it was at boot: `@Inject(CARRIER_PROFILE) profile: CarrierProfile`. */
export const CARRIER_PROFILE = Symbol('CarrierProfile');

const provider = z.object({
  code: providerCode,
  nameZh: z.string().min(1).max(40),
  nameEn: z.string().min(1).max(40),
  kind: z.enum(['bank', 'partner']),
  connector: z.string().min(1).max(32),
  /** What its connector asks for (addresses, ids, public keys); the secret ones stand in the secrets file. */
  settings: z.record(z.string(), z.unknown()),
  firstBusinessDate: plainDate,
  /** Waits, tolerances and how it shows things; its connector and reconciliation read it. */
  profile: z.record(z.string(), z.unknown()).default({}),
  demo: z.boolean().default(false),
});
export type ProviderEntry = z.output<typeof provider>;

const partnerKey = z.object({
  keyId: z.string().regex(/^(test|live)_[a-z0-9_.-]{1,58}$/, { error: 'begins with test_ or live_' }),
  alg: z.enum(SIGNATURE_ALGORITHMS),
  /** Public key, or for hmac-sha256 the shared secret in base64. */
  publicKeyPem: z.string().min(1),
});
const partner = z.object({
  id: z.string().regex(/^[a-z][a-z0-9_]{1,31}$/),
  name: z.string().min(1).max(80),
  provider: providerCode.nullable().default(null),
  acquiringBranch: branchCode,
  scopes: z.array(z.enum(SCOPES)).min(1),
  keys: z.array(partnerKey).min(1),
  /** Fen as digits. */
  exposureLimit: z
    .string()
    .regex(/^\d{1,15}$/)
    .nullable()
    .default(null),
  exposureBasis: z.enum(EXPOSURE_BASES).default('date'),
  /** Where its events are sent; it can always pull them too. */
  webhook: z.url().nullable().default(null),
  addresses: z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).default([]),
  callsPerSecond: z.number().int().min(1).max(100_000).default(500),
  numbersPerSecond: z.number().int().min(1).max(100_000).default(100),
  demo: z.boolean().default(false),
});
export type PartnerEntry = z.output<typeof partner>;

const operator = z.object({
  username: z.string().regex(/^[a-z][a-z0-9._-]{1,31}$/),
  name: z.string().min(1).max(40),
  roles: z.array(z.enum(ROLES)).min(1),
  branch: branchCode.nullable(),
  passwordHash: z.string().startsWith('$argon2id$'),
  totpSecret: z.string().regex(/^[A-Z2-7]{16,}$/),
  demo: z.boolean().default(false),
});
export type OperatorEntry = z.output<typeof operator>;

const carrierProfile = z.object({
  providers: z.array(provider),
  partners: z.array(partner),
  operators: z.array(operator),
});
export type CarrierProfile = z.output<typeof carrierProfile>;

export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

/** @throws ProfileError with one sentence that names the entry, never a value */
export async function readProfile(path: string, livemode: boolean): Promise<CarrierProfile> {
  const parsed = carrierProfile.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ProfileError(
      `The carrier profile is not usable: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    );
  }
  assertMode(parsed.data, livemode);
  return parsed.data;
}

/** A demo operator's password is printed on a page: live mode must not know any. */
function assertMode(profile: CarrierProfile, livemode: boolean): void {
  const demo = [
    ...profile.providers.filter((entry) => entry.demo).map((entry) => `provider ${entry.code}`),
    ...profile.partners.filter((entry) => entry.demo).map((entry) => `partner ${entry.id}`),
    ...profile.operators.filter((entry) => entry.demo).map((entry) => `operator ${entry.username}`),
  ];
  if (livemode && demo[0]) {
    throw new ProfileError(`Live mode refuses to start: ${demo[0]} of the carrier profile is a demo entry.`);
  }
  const wanted = livemode ? 'live_' : 'test_';
  const foreign = profile.partners.flatMap((entry) => entry.keys).find((key) => !key.keyId.startsWith(wanted));
  if (foreign) throw new ProfileError(`The carrier profile holds a key of the other mode: ${foreign.keyId}.`);
}

import { readFileSync } from 'node:fs';
import { branchCode } from '@yidian/contracts';
import { signingKey, verifyingKey, type SigningKey, type VerifyingKey } from '@yidian/security';
import { z } from 'zod';
import type { AdapterRow } from './adapters.store';

const theirKey = z.object({
  keyId: z.string().min(1).max(64),
  alg: z.enum(['ed25519', 'rsa-pss-sha512']).default('ed25519'),
  publicKeyPem: z.string().includes('PUBLIC KEY'),
});
const SECOND = 1_000;

/** BSS_PROFILE: the branches that keep a billing system of their own. What it names replaces what was known; the rest stays. */
export const bssProfile = z.object({
  branches: z.array(
    z.object({
      branch: branchCode,
      adapter: z.enum(['local', 'remote']),
      baseUrl: z.url().max(200),
      theirKeys: z.array(theirKey).min(1),
      deadlineMs: z.number().int().min(100).max(60_000).default(5_000),
      lookupMs: z.number().int().min(50).max(5_000).default(400),
      concurrency: z.number().int().min(1).max(256).default(16),
      maxDelayMs: z
        .number()
        .int()
        .min(0)
        .default(600 * SECOND),
      idempotent: z.boolean().default(false),
      breakAfter: z.number().int().min(1).default(10),
      breakForMs: z
        .number()
        .int()
        .min(100)
        .default(5 * SECOND),
      /** Played by a sandbox: a live installation refuses it. */
      demo: z.boolean().default(false),
    }),
  ),
});
export type BssProfile = z.output<typeof bssProfile>;

/** @throws Error naming the file and the member that is wrong, never its value */
export function readProfile(path: string): BssProfile {
  const parsed = bssProfile.safeParse(json(path));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`${path}: ${issue?.path.join('.') ?? ''} ${issue?.code ?? 'is wrong'}`);
}

const ownKey = z.object({ keyId: z.string().min(1), privateKeyPem: z.string().includes('PRIVATE KEY') });

/** BSS_KEY_FILE: what we sign our requests to provinces with; mode 600. */
export function readSigningKey(path: string): SigningKey {
  const parsed = ownKey.safeParse(json(path));
  if (!parsed.success) throw new Error(`${path} has no keyId and privateKeyPem`);
  return signingKey(parsed.data.keyId, 'ed25519', parsed.data.privateKeyPem);
}

export function keysOf(row: Pick<AdapterRow, 'theirKeys'>): VerifyingKey[] {
  return z
    .array(theirKey)
    .parse(JSON.parse(row.theirKeys))
    .map(({ keyId, alg, publicKeyPem }) => verifyingKey(keyId, alg, publicKeyPem));
}

function json(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} cannot be read as JSON`, { cause: error });
  }
}

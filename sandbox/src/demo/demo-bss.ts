import { newEd25519 } from '@yidian/security';
import type { ProvinceFile } from '../bss/province-file';

/** Hunan keeps its own billing system, which the sandbox plays. */
export const REMOTE_BRANCH = '430000';

const OUR_KEY_ID = 'billing_2026';
const THEIR_KEY_ID = 'hunan_2026';

export interface DemoBss {
  /** What billing reads: who keeps its own billing system, and how it is reached. */
  profile: { branches: { branch: string; baseUrl: string }[] };
  /** What billing signs with. */
  key: { keyId: string; privateKeyPem: string };
  /** What the province knows. */
  province: ProvinceFile;
}

/** Fresh keys at each call: call it once and keep the files (mode 600). */
export function demoBss(sandboxUrl: string): DemoBss {
  const [ours, theirs] = [newEd25519(), newEd25519()];
  return {
    profile: {
      branches: [
        {
          branch: REMOTE_BRANCH,
          baseUrl: provinceUrl(sandboxUrl, REMOTE_BRANCH),
          ...{ adapter: 'remote', theirKeys: [{ keyId: THEIR_KEY_ID, publicKeyPem: theirs.publicKeyPem }] },
          /** It carries an order out within milliseconds of its arrival: half a minute later "not found" is its word. */
          ...{ deadlineMs: 5_000, lookupMs: 400, concurrency: 16, maxDelayMs: 25_000, idempotent: true, demo: true },
        },
      ],
    },
    key: { keyId: OUR_KEY_ID, privateKeyPem: ours.privateKeyPem },
    province: {
      branch: REMOTE_BRANCH,
      keyId: THEIR_KEY_ID,
      privateKeyPem: theirs.privateKeyPem,
      billing: { keyId: OUR_KEY_ID, publicKeyPem: ours.publicKeyPem },
    },
  };
}

export const provinceUrl = (sandboxUrl: string, branch: string): string => `${sandboxUrl}/provinces/${branch}`;

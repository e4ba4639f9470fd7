import { loadConfig } from '@yidian/config';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const environment = z.object({
  /** Where the platform is, as its PUBLIC_URL says. */
  YIDIAN_URL: z.url().optional(),
  YIDIAN_KEY_ID: z.string().min(1).default('test_demo_bank'),
  YIDIAN_ALG: z.enum(['ed25519', 'rsa-pss-sha512', 'hmac-sha256']).default('ed25519'),
  YIDIAN_KEY_FILE: z.string().min(1).optional(),
});

export interface ApiConfig {
  url: string | undefined;
  keyId: string;
  alg: 'ed25519' | 'rsa-pss-sha512' | 'hmac-sha256';
  keyFile: string;
}

/** The environment, else the file that `npm run partner -- new` wrote last, else the demo's bank. */
export function apiConfig(root: string): ApiConfig {
  const file = join(root, '.data', 'partner.env');
  const given = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const config = loadConfig(environment, { ...given, ...process.env });
  const demoKey = join(root, '.data', 'demo', 'keys', `${config.YIDIAN_KEY_ID}.pem`);
  return {
    url: config.YIDIAN_URL,
    keyId: config.YIDIAN_KEY_ID,
    alg: config.YIDIAN_ALG,
    keyFile: config.YIDIAN_KEY_FILE ?? demoKey,
  };
}

/** `NAME=value` a line; lines that begin with # are notes. */
export function parseEnv(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => /^[A-Z_]+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()]),
  );
}

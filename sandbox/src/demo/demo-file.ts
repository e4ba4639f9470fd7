import { readFileSync } from 'node:fs';
import { z } from 'zod';

const key = z.object({ keyId: z.string().min(1), privateKeyPem: z.string().includes('PRIVATE KEY') });

/** DEMO_FILE: what the outside world knows and the platform does not: private keys, passwords, TOTP secrets. */
export const demoFileSchema = z.object({
  seed: z.string().min(1),
  firstBusinessDate: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  ourKeyId: z.string(),
  smscSecret: z.string().min(16),
  providers: z.object({ bank_a: key, demo_bank: key, demo_shop: key }),
  partners: z.object({ demo_bank: key, demo_shop: key }),
  operators: z.array(
    z.object({
      username: z.string(),
      name: z.string(),
      nameEn: z.string(),
      roles: z.array(z.string()),
      branch: z.string().nullable(),
      password: z.string(),
      totpSecret: z.string(),
    }),
  ),
});
export type DemoFile = z.infer<typeof demoFileSchema>;
export type DemoOperator = DemoFile['operators'][number];
export type ProviderCode = keyof DemoFile['providers'];
export type PartnerId = keyof DemoFile['partners'];

export function readDemoFile(path: string): DemoFile {
  return demoFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

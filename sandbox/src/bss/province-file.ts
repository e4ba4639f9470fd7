import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** BSS_FILE: what a played province knows and the platform does not, beside whom it believes. */
export const provinceFileSchema = z.object({
  branch: z.string().regex(/^\d{6}$/),
  keyId: z.string().min(1),
  privateKeyPem: z.string().includes('PRIVATE KEY'),
  billing: z.object({ keyId: z.string().min(1), publicKeyPem: z.string().includes('PUBLIC KEY') }),
});
export type ProvinceFile = z.infer<typeof provinceFileSchema>;

export function readProvinceFile(path: string): ProvinceFile {
  return provinceFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

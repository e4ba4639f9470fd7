import { Aes } from 'wechatpay-axios-plugin';
import { z } from 'zod';

/** What WeChat Pay seals with the merchant's APIv3 key: resources of notifications, and platform certificates. */
export const sealedResource = z.object({
  algorithm: z.string(),
  ciphertext: z.string(),
  associated_data: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  nonce: z.string(),
});
export type Sealed = z.output<typeof sealedResource>;

const TAG_BYTES = 16;

/** @returns the text, or null when no key opens it: another merchant's, an altered one, or of another algorithm */
export function openSealed(sealed: Sealed, apiV3Keys: readonly string[]): string | null {
  const { algorithm, ciphertext, associated_data, nonce } = sealed;
  if (algorithm !== 'AEAD_AES_256_GCM' || Buffer.byteLength(nonce) !== 12) return null;
  if (Buffer.from(ciphertext, 'base64').length < TAG_BYTES) return null;
  for (const key of apiV3Keys) {
    try {
      return Aes.AesGcm.decrypt(ciphertext, key, nonce, associated_data);
    } catch {
      continue; // the tag does not fit this key
    }
  }
  return null;
}

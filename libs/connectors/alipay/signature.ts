import { createVerify } from 'node:crypto';
import { canonicalBase64, type CallbackFault, type Verdict } from '../contract';
import { usable, type AlipayKeys } from './alipay-keys';

/** RSA2 (RSA with SHA-256) and nothing else: `RSA` is SHA-1, which Alipay still offers and we refuse. */
export const SIGN_TYPE = 'RSA2';

export const refused = (fault: CallbackFault, detail: string): Extract<Verdict, { verified: false }> => ({
  verified: false,
  fault,
  detail,
});

/** A message, by any of the texts that Alipay may have signed for it. */
export interface Signed {
  contents: readonly string[];
  /** base64. */
  sign: string;
  /** Which certificate it names; '' for none. */
  certSn: string;
}

/** Verified only when one of Alipay's keys, in its dates, has signed one of the texts. Fails closed. */
export function verifySigned({ contents, sign, certSn }: Signed, keys: AlipayKeys, now: Date): Verdict {
  if (sign === '') return refused('signature_missing', 'there is no signature');
  const bytes = canonicalBase64(sign);
  if (!bytes) return refused('signature_invalid', 'the signature is no base64');
  const named = keys.named(certSn);
  if (named.length === 0) return refused('key_unknown', 'no key of Alipay is known under this name');
  const good = named.filter((key) => usable(key, now));
  if (good.length === 0) return refused('certificate_untrusted', 'out of its dates, or not from the root');
  const fits = good.some(({ key }) =>
    contents.some((text) => createVerify('RSA-SHA256').update(text, 'utf8').verify(key, bytes)),
  );
  return fits ? { verified: true } : refused('signature_invalid', 'the signature does not fit');
}

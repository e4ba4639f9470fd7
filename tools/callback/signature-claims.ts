import {
  coveredOf,
  fieldText,
  FieldSyntaxError,
  isInnerList,
  parseDictionary,
  SIGNATURE_WINDOW,
  SignatureError,
  type Message,
  type SignatureClaim,
} from '@yidian/security';

/** What a signature says of itself; RFC 9421 leaves the nonce and the time to the application. */
export type LooseClaim = SignatureClaim;

/**
 * Every signature that a message carries, as RFC 9421 writes them: unlike our door's reader it takes those without a nonce.
 * @throws SignatureError when there is none or the fields cannot be read
 */
export function claimsOf(message: Message): LooseClaim[] {
  const input = fieldText(message.headers, 'signature-input') ?? '';
  const values = fieldText(message.headers, 'signature') ?? '';
  if (input === '' || values === '') throw new SignatureError('signature_invalid', 'no signature');
  try {
    const signatures = parseDictionary(values);
    const claims = [...parseDictionary(input)].map(([label, list]) => {
      const signature = signatures.get(label);
      if (!isInnerList(list) || !signature || isInnerList(signature) || !Buffer.isBuffer(signature.value))
        throw new SignatureError('signature_invalid', `the signature ${label} is not complete`);
      const { params } = list;
      const [keyId, created, expires, nonce, alg] = ['keyid', 'created', 'expires', 'nonce', 'alg'].map((name) =>
        params.get(name),
      );
      if (typeof keyId !== 'string' || typeof created !== 'number')
        throw new SignatureError('signature_invalid', `the signature ${label} names no key or no time`);
      const said = {
        expires: typeof expires === 'number' ? expires : null,
        nonce: typeof nonce === 'string' ? nonce : '',
        alg: typeof alg === 'string' ? alg : null,
      };
      return { label, covered: coveredOf(list), signature: signature.value, keyId, created, ...said };
    });
    if (claims.length === 0) throw new SignatureError('signature_invalid', 'no signature');
    return claims;
  } catch (error) {
    if (!(error instanceof FieldSyntaxError)) throw error;
    throw new SignatureError('signature_invalid', `Signature-Input or Signature cannot be read: ${error.message}`);
  }
}

/** @throws SignatureError when it was made too long ago, or in the future, or is over */
export function inTime({ created, expires }: LooseClaim, now: Date): void {
  const seconds = Math.floor(now.getTime() / 1_000);
  if (Math.abs(seconds - created) > SIGNATURE_WINDOW)
    throw new SignatureError('signature_expired', `created is ${seconds - created} s from our clock`);
  if (expires !== null && expires < seconds) throw new SignatureError('signature_expired', 'expires is past');
}

import { fieldText } from './message-fields';
import { readPlainClaim } from './plain-claim';
import { coveredOf, type Message, type SignatureClaim } from './signature-base';
import { FieldSyntaxError, isInnerList, parseDictionary, type InnerList } from './structured-fields';

/** Why a signature was refused; the names are codes of the error book. */
export type SignatureFault = 'signature_invalid' | 'signature_expired' | 'digest_mismatch' | 'key_unknown';

export class SignatureError extends Error {
  override readonly name = 'SignatureError';
  constructor(
    readonly fault: SignatureFault,
    message: string,
    /** The base we built, when it got that far: shown to the caller in test mode only. */
    readonly base?: string,
  ) {
    super(message);
  }
}

/**
 * Reads the one signature of a message that carries `keyid`, `created` and `nonce`.
 * @throws SignatureError signature_invalid when absent, malformed or incomplete
 */
export function readClaim(message: Message): SignatureClaim {
  const input = fieldText(message.headers, 'signature-input') ?? '';
  const value = fieldText(message.headers, 'signature') ?? '';
  return readPlainClaim(input, value) ?? readAnyClaim(input, value);
}

/** However it is written. */
export function readAnyClaim(input: string, value: string): SignatureClaim {
  try {
    const inputs = parseDictionary(input);
    const signatures = parseDictionary(value);
    for (const [label, covered] of inputs) {
      const signature = signatures.get(label);
      if (!isInnerList(covered) || !signature || isInnerList(signature) || !Buffer.isBuffer(signature.value)) continue;
      const claim = claimOf(label, covered, signature.value);
      if (claim) return claim;
    }
  } catch (error) {
    if (!(error instanceof FieldSyntaxError)) throw error;
    throw new SignatureError('signature_invalid', `Signature-Input or Signature cannot be read: ${error.message}`);
  }
  throw new SignatureError('signature_invalid', 'no signature with keyid, created and nonce');
}

function claimOf(label: string, list: InnerList, signature: Buffer): SignatureClaim | undefined {
  const { params } = list;
  const keyId = params.get('keyid');
  const created = params.get('created');
  const nonce = params.get('nonce');
  const alg = params.get('alg') ?? null;
  const expires = params.get('expires');
  if (typeof keyId !== 'string' || typeof created !== 'number' || typeof nonce !== 'string') return undefined;
  if (!/^[\x21-\x7e]{8,128}$/.test(nonce) || (alg !== null && typeof alg !== 'string')) return undefined;
  const until = typeof expires === 'number' ? expires : null;
  return { label, covered: coveredOf(list), signature, keyId, created, expires: until, nonce, alg };
}

import { digestMatches } from './content-digest';
import { verifyText, type SignatureAlgorithm, type VerifyingKey } from './keys';
import { fieldText } from './message-fields';
import {
  ComponentError,
  coveredNames,
  hasBody,
  signatureBase,
  type Message,
  type RequestMessage,
  type ResponseMessage,
  type SignatureClaim,
} from './signature-base';
import { readClaim, SignatureError } from './signature-claim';
import { FieldSyntaxError } from './structured-fields';

/** Seconds between `created` and our clock past which a signature is refused. */
export const SIGNATURE_WINDOW = 300;

/** The key by its id; undefined: nobody's. */
export type FindKey = (keyId: string) => Promise<VerifyingKey | undefined> | VerifyingKey | undefined;

export interface VerifyOptions {
  /** Milliseconds; now when absent. */
  now?: number;
  /** Components that must be covered besides the standing ones. */
  require?: readonly string[];
}

/**
 * Checks time window, covered components, digest and signature, in that order (cheap first).
 * Replay is the caller's matter: keep (keyId, nonce) for longer than the window.
 * @param find the key by its id; undefined: key_unknown
 * @throws SignatureError
 */
export async function verifyRequest(
  request: RequestMessage,
  find: FindKey,
  options: VerifyOptions = {},
): Promise<SignatureClaim> {
  const claim = claimOfRequest(request, options);
  assertSigned(request, claim, await find(claim.keyId));
  return claim;
}

/** The answer to our request: also refuses an answer that belongs to another request. */
export async function verifyResponse(
  response: ResponseMessage,
  find: FindKey,
  options: VerifyOptions = {},
): Promise<SignatureClaim> {
  const claim = claimOfResponse(response, options);
  assertSigned(response, claim, await find(claim.keyId));
  return claim;
}

/**
 * The same before the body is there: everything but the digest, which the signature covers. No byte of the body counts
 * until whoever reads it has found that digest in it (`RunningDigest`).
 */
export async function verifyResponseHead(
  response: ResponseMessage,
  find: FindKey,
  options: VerifyOptions = {},
): Promise<SignatureClaim> {
  const claim = claimOfResponse(response, options);
  assertSignature(response, claim, await find(claim.keyId));
  return claim;
}

function claimOfResponse(response: ResponseMessage, options: VerifyOptions): SignatureClaim {
  const bound = response.request ? ['@method;req', '@target-uri;req', 'signature;req'] : [];
  return claimOver(response, ['@status', 'content-digest', ...bound, ...(options.require ?? [])], options);
}

/**
 * The first half of checking a request, before its key is known: who claims to have signed what, and when.
 * @throws SignatureError
 */
export function claimOfRequest(request: RequestMessage, options: VerifyOptions = {}): SignatureClaim {
  const required = ['@method', '@target-uri', ...(options.require ?? [])];
  if (hasBody(request)) required.push('content-digest');
  if (fieldText(request.headers, 'idempotency-key') !== undefined) required.push('idempotency-key');
  return claimOver(request, required, options);
}

function claimOver(message: Message, required: readonly string[], options: VerifyOptions): SignatureClaim {
  const claim = readClaim(message);
  assertWindow(claim, Math.floor((options.now ?? Date.now()) / 1000));
  const covered = readable(() => coveredNames(claim.covered));
  const missing = required.find((name) => !covered.has(name));
  if (missing) throw new SignatureError('signature_invalid', `the signature does not cover ${missing}`);
  return claim;
}

/**
 * The second half: digest and signature under the key that the claim names.
 * @throws SignatureError
 */
export function assertSigned(message: Message, claim: SignatureClaim, key: VerifyingKey | undefined): void {
  assertKey(claim, key);
  assertDigest(message);
  assertSignature(message, claim, key);
}

function assertKey(claim: SignatureClaim, key: VerifyingKey | undefined): asserts key is VerifyingKey {
  if (!key) throw new SignatureError('key_unknown', 'no active key has this id');
  assertAlgorithm(claim, key.alg);
}

function assertSignature(message: Message, claim: SignatureClaim, key: VerifyingKey | undefined): void {
  assertKey(claim, key);
  const base = readable(() => signatureBase(message, claim.covered));
  if (!verifyText(key, base, claim.signature)) {
    throw new SignatureError('signature_invalid', 'the signature does not verify', base);
  }
}

function assertWindow(claim: SignatureClaim, now: number): void {
  if (Math.abs(now - claim.created) > SIGNATURE_WINDOW) {
    throw new SignatureError('signature_expired', `created is ${now - claim.created} s from our clock`);
  }
  if (claim.expires !== null && claim.expires < now) throw new SignatureError('signature_expired', 'expires is past');
}

/** `alg` is the key's property; a message may repeat it but never choose it. */
function assertAlgorithm(claim: SignatureClaim, alg: SignatureAlgorithm): void {
  if (claim.alg !== null && claim.alg !== alg)
    throw new SignatureError('signature_invalid', `the key is one of ${alg}`);
}

function assertDigest(message: Message): void {
  const field = fieldText(message.headers, 'content-digest') ?? '';
  if (field === '' && !hasBody(message)) return;
  if (!digestMatches(field, message.body ?? '')) {
    throw new SignatureError('digest_mismatch', 'Content-Digest does not match the body');
  }
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ComponentError || error instanceof FieldSyntaxError) {
      throw new SignatureError('signature_invalid', error.message);
    }
    throw error;
  }
}

import { randomBytes } from 'node:crypto';
import { contentDigest, digestMatches } from './content-digest';
import { signBytes, verifyBytes, type SignatureAlgorithm, type SigningKey, type VerifyingKey } from './keys';
import {
  ComponentError,
  fieldLines,
  signatureBase,
  type Message,
  type RequestMessage,
  type ResponseMessage,
} from './signature-base';
import { readClaim, SignatureError, type SignatureClaim } from './signature-claim';
import {
  FieldSyntaxError,
  serializeInnerList,
  serializeItem,
  type BareItem,
  type InnerList,
  type Item,
  type Parameters,
} from './structured-fields';

/** Seconds between `created` and our clock past which a signature is refused. */
export const SIGNATURE_WINDOW = 300;
const LABEL = 'yd';

export interface SignOptions {
  /** Seconds since 1970; now when absent. */
  created?: number;
  /** Random when absent. */
  nonce?: string;
  label?: string;
}

/**
 * Headers to add to a request: Content-Digest (when there is a body), Signature-Input, Signature.
 * Covered: method, target, digest, and the Idempotency-Key when the request has one.
 */
export function signRequest(
  request: RequestMessage,
  key: SigningKey,
  options: SignOptions = {},
): Record<string, string> {
  const components = ['@method', '@target-uri'];
  const added: Record<string, string> = {};
  if (hasBody(request)) {
    added['content-digest'] = contentDigest(request.body ?? '');
    components.push('content-digest');
  }
  if (fieldLines(request.headers, 'idempotency-key').length > 0) components.push('idempotency-key');
  const message = { ...request, headers: { ...request.headers, ...added } };
  return {
    ...added,
    ...signMessage(
      message,
      components.map((name) => component(name)),
      key,
      options,
    ),
  };
}

/**
 * Headers to add to an answer. It covers the status, the digest and, of the request, method, target and signature: an
 * answer cannot be passed off as the answer to another request.
 */
export function signResponse(
  response: ResponseMessage,
  key: SigningKey,
  options: SignOptions = {},
): Record<string, string> {
  const added = { 'content-digest': contentDigest(response.body ?? '') };
  const components = [component('@status'), component('content-digest')];
  if (response.request) {
    components.push(component('@method', { req: true }), component('@target-uri', { req: true }));
    if (fieldLines(response.request.headers, 'signature').length > 0) {
      components.push(component('signature', { req: true }));
    }
  }
  const message = { ...response, headers: { ...response.headers, ...added } };
  return { ...added, ...signMessage(message, components, key, options) };
}

/** Signature-Input and Signature for exactly these components. */
export function signMessage(
  message: Message,
  components: Item[],
  key: SigningKey,
  options: SignOptions = {},
): Record<string, string> {
  const label = options.label ?? LABEL;
  const params: Parameters = new Map<string, BareItem>([
    ['created', options.created ?? Math.floor(Date.now() / 1000)],
    ['nonce', options.nonce ?? randomBytes(18).toString('base64url')],
    ['keyid', key.keyId],
  ]);
  const covered: InnerList = { items: components, params };
  const signature = signBytes(key, Buffer.from(signatureBase(message, covered)));
  return {
    'signature-input': `${label}=${serializeInnerList(covered)}`,
    signature: `${label}=:${signature.toString('base64')}:`,
  };
}

export const component = (name: string, params: Record<string, BareItem> = {}): Item => ({
  value: name,
  params: new Map(Object.entries(params)),
});

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
  find: (keyId: string) => Promise<VerifyingKey | undefined> | VerifyingKey | undefined,
  options: VerifyOptions = {},
): Promise<SignatureClaim> {
  const required = ['@method', '@target-uri', ...(options.require ?? [])];
  if (hasBody(request)) required.push('content-digest');
  if (fieldLines(request.headers, 'idempotency-key').length > 0) required.push('idempotency-key');
  return verifyMessage(request, required, find, options);
}

/** The answer to our request: also refuses an answer that belongs to another request. */
export async function verifyResponse(
  response: ResponseMessage,
  find: (keyId: string) => Promise<VerifyingKey | undefined> | VerifyingKey | undefined,
  options: VerifyOptions = {},
): Promise<SignatureClaim> {
  const bound = response.request ? ['@method;req', '@target-uri;req', 'signature;req'] : [];
  return verifyMessage(response, ['@status', 'content-digest', ...bound, ...(options.require ?? [])], find, options);
}

async function verifyMessage(
  message: Message,
  required: readonly string[],
  find: (keyId: string) => Promise<VerifyingKey | undefined> | VerifyingKey | undefined,
  options: VerifyOptions,
): Promise<SignatureClaim> {
  const claim = readClaim(message);
  assertWindow(claim, Math.floor((options.now ?? Date.now()) / 1000));
  const covered = new Set(claim.covered.items.map((item) => serializeItem(item).replaceAll('"', '')));
  const missing = required.find((name) => !covered.has(name));
  if (missing) throw new SignatureError('signature_invalid', `the signature does not cover ${missing}`);
  const key = await find(claim.keyId);
  if (!key) throw new SignatureError('key_unknown', 'no active key has this id');
  assertAlgorithm(claim, key.alg);
  assertDigest(message);
  const base = baseOf(message, claim);
  if (!verifyBytes(key, Buffer.from(base), claim.signature)) {
    throw new SignatureError('signature_invalid', 'the signature does not verify', base);
  }
  return claim;
}

function assertWindow(claim: SignatureClaim, now: number): void {
  if (Math.abs(now - claim.created) > SIGNATURE_WINDOW) {
    throw new SignatureError('signature_expired', `created is ${now - claim.created} s from our clock`);
  }
  const expires = claim.covered.params.get('expires');
  if (typeof expires === 'number' && expires < now) throw new SignatureError('signature_expired', 'expires is past');
}

/** `alg` is the key's property; a message may repeat it but never choose it. */
function assertAlgorithm(claim: SignatureClaim, alg: SignatureAlgorithm): void {
  if (claim.alg !== null && claim.alg !== alg)
    throw new SignatureError('signature_invalid', `the key is one of ${alg}`);
}

function assertDigest(message: Message): void {
  const field = fieldLines(message.headers, 'content-digest').join(', ');
  if (field === '' && !hasBody(message)) return;
  if (!digestMatches(field, message.body ?? '')) {
    throw new SignatureError('digest_mismatch', 'Content-Digest does not match the body');
  }
}

function baseOf(message: Message, claim: SignatureClaim): string {
  try {
    return signatureBase(message, claim.covered);
  } catch (error) {
    if (error instanceof ComponentError || error instanceof FieldSyntaxError) {
      throw new SignatureError('signature_invalid', error.message);
    }
    throw error;
  }
}

const hasBody = (message: Message): boolean => (message.body?.length ?? 0) > 0;

import { contentDigest, digestMatches } from './content-digest';
import { signBytes, verifyBytes, type SignatureAlgorithm, type SigningKey, type VerifyingKey } from './keys';
import { fieldText } from './message-fields';
import { publicRandomBytes } from './random-pool';
import {
  ComponentError,
  coveredNames,
  signatureBase,
  type Message,
  type RequestMessage,
  type ResponseMessage,
} from './signature-base';
import { readClaim, SignatureError, type SignatureClaim } from './signature-claim';
import {
  FieldSyntaxError,
  serializeInnerList,
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
  if (fieldText(request.headers, 'idempotency-key') !== undefined) components.push('idempotency-key');
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
  const headers = { 'content-digest': contentDigest(response.body ?? '') };
  const { status, request } = response;
  const covered = answerComponents(request);
  return { ...headers, ...signMessage({ status, headers, request }, covered, key, options) };
}

function answerComponents(request: RequestMessage | undefined): readonly Item[] {
  if (!request) return ANSWER;
  return fieldText(request.headers, 'signature') === undefined ? ANSWER_TO_UNSIGNED : ANSWER_TO_SIGNED;
}

/** Signature-Input and Signature for exactly these components. */
export function signMessage(
  message: Message,
  components: readonly Item[],
  key: SigningKey,
  options: SignOptions = {},
): Record<string, string> {
  const label = options.label ?? LABEL;
  const params: Parameters = new Map<string, BareItem>([
    ['created', options.created ?? Math.floor(Date.now() / 1000)],
    ['nonce', options.nonce ?? publicRandomBytes(18).toString('base64url')],
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

const ANSWER: readonly Item[] = [component('@status'), component('content-digest')];
const ANSWER_TO_UNSIGNED: readonly Item[] = [
  ...ANSWER,
  component('@method', { req: true }),
  component('@target-uri', { req: true }),
];
const ANSWER_TO_SIGNED: readonly Item[] = [...ANSWER_TO_UNSIGNED, component('signature', { req: true })];

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
export function verifyRequest(
  request: RequestMessage,
  find: FindKey,
  options: VerifyOptions = {},
): Promise<SignatureClaim> {
  const required = ['@method', '@target-uri', ...(options.require ?? [])];
  if (hasBody(request)) required.push('content-digest');
  if (fieldText(request.headers, 'idempotency-key') !== undefined) required.push('idempotency-key');
  return verifyMessage(request, required, find, options);
}

/** The answer to our request: also refuses an answer that belongs to another request. */
export function verifyResponse(
  response: ResponseMessage,
  find: FindKey,
  options: VerifyOptions = {},
): Promise<SignatureClaim> {
  const bound = response.request ? ['@method;req', '@target-uri;req', 'signature;req'] : [];
  return verifyMessage(response, ['@status', 'content-digest', ...bound, ...(options.require ?? [])], find, options);
}

async function verifyMessage(
  message: Message,
  required: readonly string[],
  find: FindKey,
  options: VerifyOptions,
): Promise<SignatureClaim> {
  const claim = readClaim(message);
  assertWindow(claim, Math.floor((options.now ?? Date.now()) / 1000));
  const covered = readable(() => coveredNames(claim.covered));
  const missing = required.find((name) => !covered.has(name));
  if (missing) throw new SignatureError('signature_invalid', `the signature does not cover ${missing}`);
  const key = await find(claim.keyId);
  if (!key) throw new SignatureError('key_unknown', 'no active key has this id');
  assertAlgorithm(claim, key.alg);
  assertDigest(message);
  const base = readable(() => signatureBase(message, claim.covered));
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

const hasBody = (message: Message): boolean => (message.body?.length ?? 0) > 0;

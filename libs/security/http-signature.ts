import { contentDigest } from './content-digest';
import { signText, type SigningKey } from './keys';
import { fieldText } from './message-fields';
import { publicRandomBytes } from './random-pool';
import { hasBody, signatureBase, type Message, type RequestMessage, type ResponseMessage } from './signature-base';
import { serializeItems, serializeString, type BareItem, type Item } from './structured-fields';

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
  const headers: Record<string, string> = { 'content-digest': contentDigest(response.body ?? '') };
  const { status, request } = response;
  const covered = answerComponents(request);
  const { input, signature } = signatureOf({ status, headers, request }, covered, key, options);
  return { 'content-digest': headers['content-digest'] ?? '', 'signature-input': input, signature };
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
  const { input, signature } = signatureOf(message, components, key, options);
  return { 'signature-input': input, signature };
}

function signatureOf(
  message: Message,
  components: readonly Item[],
  key: SigningKey,
  options: SignOptions,
): { input: string; signature: string } {
  const { label = LABEL, created = Math.floor(Date.now() / 1000), nonce } = options;
  const once = nonce === undefined ? `"${publicRandomBytes(18).toString('base64url')}"` : serializeString(nonce);
  const text = `${serializeItems(components)};created=${created};nonce=${once};keyid=${serializeString(key.keyId)}`;
  return {
    input: `${label}=${text}`,
    signature: `${label}=:${signText(key, signatureBase(message, { items: components, text }))}:`,
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

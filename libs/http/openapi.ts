import { BOOK, type ErrorCode } from '@yidian/errors';
import { z } from 'zod';
import type { Door, OperationSpec } from './operation';
import type { DescribedRoute } from './openapi-routes';
import { SchemaBook } from './openapi-schemas';

type Json = Record<string, unknown>;

export interface ApiInfo {
  title: string;
  version: string;
  description: string;
}

const EVERYWHERE: readonly ErrorCode[] = ['internal', 'busy'];
const SIGNED: readonly ErrorCode[] = [
  'signature_invalid',
  'signature_expired',
  'nonce_reused',
  'digest_mismatch',
  'key_unknown',
  'key_wrong_mode',
  'ip_not_allowed',
  'scope_missing',
  'rate_limited',
];
/** What every route of a door can answer. */
const OF_DOOR: Readonly<Record<Door, readonly ErrorCode[]>> = {
  open: [],
  partner: SIGNED,
  customer: ['session_required'],
  operator: ['session_required', 'scope_missing'],
  provider: ['signature_invalid', 'signature_expired', 'digest_mismatch', 'key_unknown'],
  smsc: [],
};
const OF_BODY: readonly ErrorCode[] = ['json_invalid', 'body_too_large', 'field_unknown', 'field_invalid'];

const SECURITY: Readonly<Record<Door, Json[]>> = {
  open: [],
  partner: [{ messageSignature: [], messageSignatureInput: [] }],
  customer: [{ portalSession: [] }],
  operator: [{ operatorSession: [] }],
  provider: [{ messageSignature: [], messageSignatureInput: [] }],
  smsc: [{ smscSignature: [] }],
};

const SCHEMES: Json = {
  messageSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'Signature',
    description:
      'RFC 9421 HTTP message signature over @method, @target-uri, content-digest (when there is a body) and ' +
      'idempotency-key (when sent), with created, nonce and keyid. Answers are signed by us over @status, content-digest ' +
      'and the method, target and signature of their request; keyid names a key of /.well-known/jwks.json or, for ' +
      'partners with hmac-sha256, the shared secret.',
  },
  messageSignatureInput: { type: 'apiKey', in: 'header', name: 'Signature-Input', description: 'RFC 9421 §4.1' },
  portalSession: {
    type: 'apiKey',
    in: 'cookie',
    name: 'yd_portal',
    description: 'POSTs also need X-Requested-With: portal',
  },
  operatorSession: {
    type: 'apiKey',
    in: 'cookie',
    name: 'yd_operator',
    description: 'POSTs also need X-Requested-With: console',
  },
  smscSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Smsc-Signature',
    description: 'hex HMAC-SHA256 of the raw body',
  },
};

const finding = z.object({ pointer: z.string(), code: z.string(), detail: z.string() });
/** RFC 9457 with the members that say what to do. */
export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.enum(Object.keys(BOOK) as [ErrorCode, ...ErrorCode[]]),
    request_id: z.string(),
    outcome: z.enum(['not_executed', 'unknown']),
    retry: z.enum(['fix_request', 'same_key', 'after', 'ask_by_reference', 'never']),
    errors: z.array(finding).optional(),
  })
  .meta({ id: 'Problem' });

/** All codes a route can answer, sorted: what its description lists. */
export function codesOf(spec: OperationSpec): ErrorCode[] {
  const body = spec.body ? OF_BODY : [];
  const others: ErrorCode[] = spec.query || spec.params ? ['field_unknown', 'field_invalid'] : [];
  const keyed: ErrorCode[] = spec.keyed ? ['idempotency_key_missing', 'idempotency_key_reused'] : [];
  const all = [...EVERYWHERE, ...OF_DOOR[spec.door], ...body, ...others, ...keyed, ...(spec.problems ?? [])];
  return [...new Set(all)].sort();
}

/** OpenAPI 3.1 of the routes, in a stable order. */
export function describeApi(routes: readonly DescribedRoute[], info: ApiInfo): Json {
  const schemas = new SchemaBook();
  const problem = schemas.output(problemSchema);
  const paths: Record<string, Json> = {};
  const shown = routes.filter(({ spec }) => !spec.hidden);
  for (const route of [...shown].sort((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method))) {
    (paths[route.path] ??= {})[route.method] = operation(route.spec, schemas, problem);
  }
  return {
    openapi: '3.1.0',
    info: { ...info, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    tags: [...new Set(shown.map(({ spec }) => spec.tag))].map((name) => ({ name })),
    paths,
    components: { schemas: schemas.components(), securitySchemes: SCHEMES, headers: HEADERS },
  };
}

const HEADERS: Json = {
  RequestId: { description: 'Ours; quote it to us', schema: { type: 'string' } },
  IdempotencyReplayed: { description: '`true` when this is the stored answer', schema: { type: 'string' } },
  RetryAfter: { description: 'Seconds', schema: { type: 'integer' } },
};
const header = (name: string): Json => ({ $ref: `#/components/headers/${name}` });

function operation(spec: OperationSpec, schemas: SchemaBook, problem: Json): Json {
  const parameters = [
    ...parametersOf('path', spec.params, schemas),
    ...parametersOf('query', spec.query, schemas),
    ...(spec.keyed ? [idempotencyKey] : []),
  ];
  return {
    operationId: spec.id,
    summary: spec.summary,
    ...(spec.description ? { description: spec.description } : {}),
    tags: [spec.tag],
    security: SECURITY[spec.door],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(spec.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: schemas.input(spec.body) } } } }
      : {}),
    responses: { ...successes(spec, schemas), ...failures(spec, problem) },
  };
}

const idempotencyKey: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: '1 to 255 visible ASCII characters, quoted or bare. Same key and body: same answer.',
  schema: { type: 'string', minLength: 1, maxLength: 257 },
};

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined, schemas: SchemaBook): Json[] {
  if (!schema) return [];
  const { properties, required } = schemas.input(schema) as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(properties ?? {}).map(([name, one]) => ({
    name,
    in: place,
    required: place === 'path' || (required ?? []).includes(name),
    schema: one,
  }));
}

function successes(spec: OperationSpec, schemas: SchemaBook): Json {
  const headers = {
    'Request-Id': header('RequestId'),
    ...(spec.keyed ? { 'Idempotency-Replayed': header('IdempotencyReplayed') } : {}),
  };
  return Object.fromEntries(
    Object.entries(spec.answers).map(([status, answer]) => {
      if (answer === null) return [status, { description: 'Done, nothing to say', headers }];
      const content =
        typeof answer === 'string'
          ? { [answer]: { schema: { type: 'string' } } }
          : { 'application/json': { schema: schemas.output(answer) } };
      return [status, { description: STATUS[status] ?? 'Answer', headers, content }];
    }),
  );
}

const STATUS: Readonly<Record<string, string>> = {
  '200': 'Done',
  '201': 'Done; see `final`',
  '202': 'Being handled: ask again',
};

function failures(spec: OperationSpec, problem: Json): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codesOf(spec)) byStatus.set(BOOK[code].status, [...(byStatus.get(BOOK[code].status) ?? []), code]);
  const own = new Set(Object.keys(spec.answers));
  return Object.fromEntries(
    [...byStatus]
      .filter(([status]) => !own.has(String(status)))
      .map(([status, codes]) => [
        String(status),
        {
          description: codes.map((code) => `\`${code}\``).join(' · '),
          headers: {
            'Request-Id': header('RequestId'),
            ...(status === 429 || status === 503 ? { 'Retry-After': header('RetryAfter') } : {}),
          },
          content: { 'application/problem+json': { schema: problem } },
        },
      ]),
  );
}

import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { ErrorCode } from '@yidian/errors';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { parseIdempotencyKey } from './idempotency-key';
import { validate } from './validation';

export const OPERATION = 'yidian:operation';

/** Who may call: decides the security scheme shown in the API description. */
export type Door = 'partner' | 'customer' | 'operator' | 'provider' | 'smsc' | 'open';

/**
 * What one route takes and gives. It checks the request and it writes the API description: one place, so the two cannot
 * differ.
 */
export interface OperationSpec {
  /** Unique, camelCase: the name in generated clients. */
  id: string;
  /** One line for the reader. */
  summary: string;
  description?: string;
  door: Door;
  /** Group in the reader, such as `Payments`. */
  tag: string;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Success answers by status. `null`: no body. A string: a media type that is not JSON. */
  answers: Readonly<Record<number, z.ZodType | null | string>>;
  /** Codes of the error book this route can answer beyond those every route of its door can. */
  problems?: readonly ErrorCode[];
  /** The call changes something and takes an Idempotency-Key. */
  keyed?: boolean;
  /** Left out of the public description (internal pages). */
  hidden?: boolean;
}

export const Operation = (spec: OperationSpec): MethodDecorator => SetMetadata(OPERATION, spec);

export function operationOf(handler: object): OperationSpec | undefined {
  return Reflect.getMetadata(OPERATION, handler) as OperationSpec | undefined;
}

type Part = 'body' | 'query' | 'params';

/** Where a fault lies: the body's pointers are bare, as RFC 9457 readers expect. */
const PLACE: Readonly<Record<Part, string>> = { body: '', query: '/query', params: '/path' };

function checked(part: Part) {
  return (_: unknown, context: ExecutionContext): unknown => {
    const operation = operationOf(context.getHandler());
    const schema = operation?.[part];
    if (!schema) throw new Error(`${context.getHandler().name} takes a ${part} but its @Operation names none`);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (part === 'body' && operation.keyed) parseIdempotencyKey(request.headers['idempotency-key']);
    const value: unknown = part === 'query' ? { ...(request.query as object) } : (request[part] ?? undefined);
    return validate(schema, value, PLACE[part]);
  };
}

/** The request's body, checked by the operation's schema; a keyed operation's missing key is told before its body's faults. */
export const ValidBody = createParamDecorator(checked('body'));
/** The query string, checked by the operation's schema. */
export const ValidQuery = createParamDecorator(checked('query'));
/** The path's parameters, checked by the operation's schema. */
export const ValidParams = createParamDecorator(checked('params'));

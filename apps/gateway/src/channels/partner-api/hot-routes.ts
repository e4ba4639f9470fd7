import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import {
  BODY_LIMIT,
  hotPostOf,
  JSON_TYPES,
  operationOf,
  parseIdempotencyKey,
  parseJson,
  validate,
  type Answering,
  type Told,
} from '@yidian/http';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { NEEDED_SCOPES, SignedDoor, type Scope, type SignedCall } from '../../access';
import type { Answer } from '../../payments';
import { answered } from './answered';
import { BulkPaymentsController } from './bulk-payments.controller';
import type { PartnerCall } from './partner-call';
import { PaymentsController } from './payments.controller';

interface HotRoute {
  path: string;
  bodyLimit?: number;
  scopes: readonly Scope[];
  body: z.ZodType;
  work(call: PartnerCall<unknown>): Promise<Answer<object>>;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * Mounts the calls that come thousands of times a second beside Nest's router, from the same metadata: straight at the sockets for
 * those that are plain, and at Fastify for all others, with one function that serves both. The body is read as
 * bytes and becomes JSON only when the signature over those bytes has held: nobody makes us parse for nothing.
 */
@Injectable()
export class HotRoutes implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly door: SignedDoor,
    private readonly module: ModuleRef,
  ) {}

  onModuleInit(): void {
    const instance = this.host.httpAdapter.getInstance<FastifyInstance>();
    // Not awaited: that would end Fastify's set-up before Nest has named its error handler.
    void instance.register((hot, _options, done) => {
      hot.removeAllContentTypeParsers();
      hot.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer' }, (request, body, parsed) => {
        request.rawBody = body as Buffer;
        parsed(null);
      });
      for (const controller of [PaymentsController, BulkPaymentsController]) {
        for (const route of hotRoutesOf('/v1/payments', this.module.get<object>(controller))) this.mount(hot, route);
      }
      done();
    });
  }

  private mount(hot: FastifyInstance, route: HotRoute): void {
    const { path, bodyLimit = BODY_LIMIT } = route;
    hot.direct.post(path, bodyLimit, (call, answer) => this.serve(route, call, answer));
    hot.post(path, { bodyLimit }, (request, reply) => {
      this.serve(route, request, reply).catch((error: unknown) => reply.send(error));
    });
  }

  private async serve(route: HotRoute, request: SignedCall & Told, reply: Answering): Promise<void> {
    const partner = await this.door.enter(request, reply, route.scopes);
    const given = request.rawBody === null ? undefined : parseJson(request.rawBody);
    const idempotencyKey = parseIdempotencyKey(request.headers['idempotency-key']);
    const answer = await route.work({ partner, idempotencyKey, body: validate(route.body, given), request });
    const body = JSON.stringify(answered(reply, answer));
    reply.header('content-type', JSON_TYPE).send(body);
  }
}

/** @throws Error for a hot route that names no scope or no body: it would be open, or unchecked */
function hotRoutesOf(prefix: string, controller: object): HotRoute[] {
  const methods = Object.getPrototypeOf(controller) as Record<string, unknown>;
  return Object.getOwnPropertyNames(methods).flatMap((name) => {
    const method = methods[name];
    if (typeof method !== 'function') return [];
    const hot = hotPostOf(method);
    if (!hot) return [];
    const scopes = Reflect.getMetadata(NEEDED_SCOPES, method) as readonly Scope[] | undefined;
    const body = operationOf(method)?.body;
    if (!scopes?.length || !body) throw new Error(`${name} is a hot route without scopes or a body`);
    const path = hot.path === '' ? prefix : `${prefix}/${hot.path}`;
    return [{ ...hot, path, scopes, body, work: method.bind(controller) as HotRoute['work'] }];
  });
}
